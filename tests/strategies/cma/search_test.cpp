// Runs one after the other, and who drew a trial.
#include "strategies/cma/search.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo {
namespace {

constexpr int generation_size = 4;
constexpr CmaOptions small_search{.first = {.population = generation_size, .sigma = 0.2}};

const CmaLayout& line() {
  static const UnitCube cube(space_of_domains({FloatDomain{}}));
  static const CmaLayout layout(cube);
  return layout;
}

CmaNoise noise_of(int number) { return cma_noise(line(), 3, number); }

// Trials [first, first + count), drawn and told one by one.
void tell(CmaSearch& search, int first, int count, const std::function<double(double)>& f) {
  for (int number = first; number < first + count; ++number) {
    CmaMember member{.number = number, .draw = search.draw(noise_of(number))};
    member.loss = f(member.draw.x[0]);
    search.tell(std::move(member));
  }
}

double same(double) { return 1.0; }
double slope(double x) { return x; }

std::optional<CmaSearch::Origin> origin_of(const CmaSearch& search, int number,
                                           const CmaDraw& draw) {
  return search.origin(noise_of(number), [&](const CmaDraw& other) { return other.x == draw.x; });
}

}  // namespace

TEST_CASE("who drew a trial follows from its number and its values", "[cma]") {
  CmaSearch search(line(), small_search, 3);
  const CmaDraw early = search.draw(noise_of(77));
  REQUIRE(origin_of(search, 77, early));
  CHECK(origin_of(search, 77, early)->is_present);
  CHECK_FALSE(origin_of(search, 78, early));  // another number draws something else
  tell(search, 0, generation_size, slope);
  const auto late = origin_of(search, 77, early);
  REQUIRE(late);
  CHECK_FALSE(late->is_present);
  CHECK(late->is_this_run);
  CHECK(late->draw.x == early.x);
}

TEST_CASE("generations are remembered for a while, not for ever", "[cma]") {
  CmaSearch search(line(), small_search, 3);
  const CmaDraw early = search.draw(noise_of(77));
  constexpr int kept = static_cast<int>(CmaSearch::generations_remembered) - 1;
  tell(search, 0, kept * generation_size, slope);
  CHECK(origin_of(search, 77, early));
  tell(search, kept * generation_size, generation_size, slope);
  CHECK_FALSE(origin_of(search, 77, early));
}

TEST_CASE("after a restart an earlier run's trials are known as such", "[cma]") {
  CmaSearch search(line(), small_search, 3);
  int number = 0;
  CmaDraw last = search.draw(noise_of(9'999));
  while (origin_of(search, 9'999, last)->is_this_run && number < 1'000) {
    last = search.draw(noise_of(9'999));
    tell(search, number, 1, same);  // constant: it ends by stagnation
    ++number;
  }
  CHECK(number < 200);
  CHECK_FALSE(origin_of(search, 9'999, last)->is_present);
}

TEST_CASE("a warm start waits for completed trials, and begins around the best", "[cma]") {
  CmaOptions warm = small_search;
  warm.warm_start = 20;
  CmaSearch search(line(), warm, 3);
  for (int i = 0; i < 21; ++i) {
    CHECK_FALSE(search.has_begun());
    CmaMember member{.number = i, .draw = {.x = {i / 20.0}}};
    member.loss = i / 20.0;
    if (i == 10) member.kind = CmaMember::Kind::infeasible;
    search.tell(std::move(member));
  }
  REQUIRE(search.has_begun());
  double sum = 0.0;
  for (int number = 100; number < 200; ++number) sum += search.draw(noise_of(number)).x[0] / 100.0;
  CHECK(sum < 0.1);  // the mean of the best two is 0.025
}

}  // namespace hpo
