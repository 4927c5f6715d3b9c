// Which rows of a listing are ours, whatever others call their jobs.
#include <catch2/catch.hpp>

#include "executors/slurm/rows.hpp"

using namespace hpo;
using namespace hpo::slurm;

namespace {

const std::string own = "hpoabcd12345678";

std::string row(const std::string& name, const std::string& reason = "None") {
  return "7|RUNNING|1|2|3|n1|" + name + "|" + reason + "|" + name + "|.\n";
}

std::vector<Row> rows_of(const std::string& text) {
  const auto rows = own_rows(text, "|.", "squeue");
  REQUIRE(rows);
  return *rows;
}

bool is_cut(const std::string& text) {
  const auto rows = own_rows(text, "|.", "squeue");
  return !rows && rows.error().code == ErrorCode::corrupt;
}

}  // namespace

TEST_CASE("slurm rows: our names are hpo and twelve of a to z and 0 to 9", "[slurm]") {
  CHECK(is_own_name(own));
  CHECK_FALSE(is_own_name("hpoabcd1234567"));
  CHECK_FALSE(is_own_name("hpoabcd123456789"));
  CHECK_FALSE(is_own_name("hpoabcd1234567A"));
  CHECK_FALSE(is_own_name("hpoabcd1234-678"));
  CHECK_FALSE(is_own_name("xpoabcd12345678"));
}

TEST_CASE("slurm rows: a row is taken apart, and its reason may hold a separator", "[slurm]") {
  const std::string text = row("other") + row(own, "odd|reason");
  const auto rows = rows_of(text);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fields == std::array<std::string_view, 6>{"7", "RUNNING", "1", "2", "3", "n1"});
  CHECK(rows[0].name == own);
  CHECK(rows[0].reason == "odd|reason");
}

TEST_CASE("slurm rows: no name of others looks like ours", "[slurm]") {
  const std::string name = GENERATE(as<std::string>(), "", "|", "|.", "\n", "|.\n", "a\n|.\nb",
      "x|" + own, own + "|x", "x\n" + own, own + "\n", own + "\n" + own, "\x01\x1b[2J\x7f",
      "\xff\xfe", "ünïcödé", own + "2", "hpo", "1|2|3|4|5|6|" + own, own + "|None|" + own,
      own + "|" + own, own + "|None|" + own + "|None|" + own,
      std::string("a\0b", 3));
  INFO(name);
  CHECK(rows_of(row(name)).empty());
  CHECK(rows_of(row(name) + row(own)).size() == 1);
  CHECK(rows_of(row(own) + row(name)).size() == 1);
}

TEST_CASE("slurm rows: a row without an id, or with two names, is none", "[slurm]") {
  CHECK(rows_of("7|RUNNING|1|2|3|n1|hpoabcd12345679|None|" + own + "|.\n").empty());
  CHECK(rows_of("|RUNNING|1|2|3|n1|" + own + "|None|" + own + "|.\n").empty());
  CHECK(rows_of("x|RUNNING|1|2|3|n1|" + own + "|None|" + own + "|.\n").empty());
}

TEST_CASE("slurm rows: a listing that was cut anywhere inside of a row is corrupt", "[slurm]") {
  const std::string text = row(own) + row("other") + row(own);
  CHECK(rows_of("").empty());
  CHECK(rows_of(text).size() == 2);
  for (std::size_t size = 1; size < text.size(); ++size) {
    INFO(size);
    CHECK(is_cut(text.substr(0, size)) == (text[size - 1] != '\n'));
  }
  CHECK(is_cut("squeue: something went wrong\n"));
  CHECK(is_cut("\n"));
}
