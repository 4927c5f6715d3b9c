// The Sobol sequence: known values, elementary intervals, discrepancy.
#include "strategies/sobol_sequence.hpp"

#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "strategies/random_point.hpp"

namespace hpo {
namespace {

using Points = std::vector<std::vector<double>>;

Points first_points(const SobolSequence& sequence, std::uint32_t count) {
  Points points;
  for (std::uint32_t i = 0; i < count; ++i) points.push_back(sequence.point(i));
  return points;
}

// Squared L2-star discrepancy (Warnock 1972).
double discrepancy(const Points& points) {
  const auto n = static_cast<double>(points.size());
  const auto dimension = static_cast<double>(points.front().size());
  double single = 0.0;
  double pairs = 0.0;
  for (const auto& x : points) {
    double product = 1.0;
    for (const double u : x) product *= 1.0 - u * u;
    single += product;
    for (const auto& y : points) {
      double overlap = 1.0;
      for (std::size_t i = 0; i < x.size(); ++i) overlap *= 1.0 - std::max(x[i], y[i]);
      pairs += overlap;
    }
  }
  return std::pow(3.0, -dimension) - std::pow(2.0, 1.0 - dimension) / n * single + pairs / n / n;
}

std::size_t cell(double u, std::size_t cells) {
  return static_cast<std::size_t>(u * static_cast<double>(cells));
}

}  // namespace

TEST_CASE("the first unscrambled points are the known ones", "[sobol]") {
  const SobolSequence sequence(3, 0);
  const double known[8][3] = {{0, 0, 0}, {.5, .5, .5}, {.25, .75, .75}, {.75, .25, .25},
      {.125, .625, .375}, {.625, .125, .875}, {.375, .375, .625}, {.875, .875, .125}};
  for (std::uint32_t i = 0; i < 8; ++i) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      CHECK(sequence.unscrambled(i, axis) * 0x1.0p-32 == known[i][axis]);
    }
  }
}

TEST_CASE("far coordinates agree with an independent implementation of the same numbers",
          "[sobol]") {
  // scipy.stats.qmc.Sobol(512, scramble=False, bits=32), put in the order of the index.
  const SobolSequence sequence(SobolSequence::dimension_max, 0);
  const std::size_t axes[] = {0, 1, 2, 9, 99, 255, 511};
  const std::uint32_t at_1000[] = {0x17c00000, 0x29400000, 0x73400000, 0x1f400000, 0x80400000,
                                   0x54400000, 0xa6c00000};
  const std::uint32_t at_2047[] = {0xffe00000, 0xe1e00000, 0x55200000, 0xd5600000, 0x64200000,
                                   0x56a00000, 0xc5a00000};
  for (std::size_t i = 0; i < std::size(axes); ++i) {
    CHECK(sequence.unscrambled(1000, axes[i]) == at_1000[i]);
    CHECK(sequence.unscrambled(2047, axes[i]) == at_2047[i]);
  }
}

TEST_CASE("each of 2^k intervals holds one of the first 2^k scrambled points, on every axis",
          "[sobol]") {
  const SobolSequence sequence(SobolSequence::dimension_max, 12345);
  for (const std::uint32_t count : {1U, 2U, 16U, 256U}) {
    const Points points = first_points(sequence, count);
    for (std::size_t axis = 0; axis < sequence.dimension(); ++axis) {
      std::set<std::size_t> hit;
      for (const auto& point : points) hit.insert(cell(point[axis], count));
      if (hit.size() != count) FAIL("axis " << axis << " of " << count << " points");
    }
  }
}

TEST_CASE("aligned blocks of 2^k points are stratified too, not only the first", "[sobol]") {
  const SobolSequence sequence(10, 9);
  for (std::size_t axis = 0; axis < 10; ++axis) {
    std::set<std::size_t> hit;
    for (std::uint32_t i = 64; i < 128; ++i) hit.insert(cell(sequence.point(i)[axis], 64));
    CHECK(hit.size() == 64);
  }
}

TEST_CASE("scrambling keeps the (0, m, 2)-net of the first two axes", "[sobol]") {
  const Points points = first_points(SobolSequence(2, 77), 64);
  for (std::size_t columns = 1; columns <= 64; columns *= 2) {
    std::set<std::pair<std::size_t, std::size_t>> hit;
    for (const auto& p : points) hit.insert({cell(p[0], columns), cell(p[1], 64 / columns)});
    CHECK(hit.size() == 64);
  }
}

TEST_CASE("scrambled points cover the cube better than random ones", "[sobol]") {
  for (const std::size_t dimension : {2U, 5U, 10U}) {
    double sobol = 0.0;
    double random = 0.0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      sobol += discrepancy(first_points(SobolSequence(dimension, seed), 256));
      Points points;
      for (int i = 0; i < 256; ++i) {
        points.push_back(random_point(dimension, {.seed = seed, .trial = i}));
      }
      random += discrepancy(points);
    }
    INFO("dimension " << dimension << " sobol " << sobol << " random " << random);
    CHECK(sobol < 0.75 * random);
  }
}

TEST_CASE("seeds and axes are scrambled differently, and uniformly over seeds", "[sobol]") {
  CHECK(SobolSequence(3, 1).point(0) != SobolSequence(3, 2).point(0));
  const auto point = SobolSequence(3, 1).point(0);
  CHECK(point[0] != point[1]);
  double sum = 0.0;
  double squares = 0.0;
  constexpr int seeds = 10'000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const double u = SobolSequence(1, seed).point(5)[0];
    sum += u;
    squares += (u - 0.5) * (u - 0.5);
  }
  CHECK(std::abs(sum / seeds - 0.5) < 5.0 * std::sqrt(1.0 / 12.0 / seeds));
  CHECK(std::abs(squares / seeds - 1.0 / 12.0) < 5.0 * std::sqrt(1.0 / 180.0 / seeds));
}

TEST_CASE("scrambled points are pinned, because stored studies replay", "[sobol]") {
  const auto point = SobolSequence(512, 42).point(1'000'003);
  CHECK(point[0] == 0x1.b45ad67db67acp-1);
  CHECK(point[511] == 0x1.e65fbe88eb3c4p-3);
  for (const double u : SobolSequence(512, 1).point(0xffffffffU)) CHECK((u >= 0.0 && u < 1.0));
}

}  // namespace hpo
