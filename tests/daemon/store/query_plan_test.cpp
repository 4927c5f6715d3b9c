// No query may walk a table: a study of 10⁶ trials would feel it, and SQLite counts it for us.
#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

struct Watched {
  std::set<std::string> seen{};
  std::set<std::string> walked{};  // texts of statements that walked a table or sorted
};
Watched watched;

int on_statement_end(unsigned, void*, void* statement, void*) {
  auto* ended = static_cast<sqlite3_stmt*>(statement);
  const std::string sql = sqlite3_sql(ended);
  watched.seen.insert(sql);
  const bool walks = sqlite3_stmt_status(ended, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0) > 0 ||
                     sqlite3_stmt_status(ended, SQLITE_STMTSTATUS_AUTOINDEX, 0) > 0 ||
                     sqlite3_stmt_status(ended, SQLITE_STMTSTATUS_SORT, 0) > 0;
  if (walks) watched.walked.insert(sql);
  return 0;
}

// Called for each connection that is opened.
int watch(sqlite3* handle, char**, const struct sqlite3_api_routines*) {
  return sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, on_statement_end, nullptr);
}

struct Watch {
  Watch() {
    watched = {};
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
  }
  ~Watch() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch)); }
};

void ask_everything(store::Reader& reader, const engine::Study& study) {
  const std::string name = study.spec->name;
  must(reader.study(name));
  must(reader.studies("", 10));
  for (std::size_t i = 0; i <= words<TrialState>.size(); ++i) {
    store::TrialQuery query{.study = name, .limit = 2};
    if (i < words<TrialState>.size()) query.state = static_cast<TrialState>(i);
    query.cursor = must(reader.trials(query)).next;
    must(reader.trials(query));
  }
  using Sort = store::TrialQuery::Sort;
  must(reader.trials({.study = name, .sort = Sort::value}));
  must(reader.trials({.study = name, .sort = Sort::value_descending}));
  must(reader.trial(name, 0));
  must(reader.attempts(name, 0));
  must(reader.doubts(name, 0));
  must(reader.reports({.study = name}));
  must(reader.reports({.study = name, .trial = 0}));
  must(reader.events(5, "", 10));
  must(reader.events(5, name, 10));
  must(reader.last_event_seq());
  must(reader.token("t"));
  History history = must(reader.history(study.id, study.spec->space, 1000));
  must(reader.add_rungs(study.id, {1, 3}, 1000, history));
}

}  // namespace

TEST_CASE("every query of the store and of the reader goes by an index", "[store]") {
  TempDir dir;
  const Watch watch;
  auto store = open_store(dir.db());
  LegalHistory history(12);
  create(history, *store, "a");
  create(history, *store, "b");
  for (int batch = 0; batch < 20; ++batch) advance(history, *store, 50);
  store.reset();
  store = open_store(dir.db());
  const engine::Study& study = history.studies().begin()->second;
  auto reader = must(store::Reader::open(dir.db()));
  ask_everything(*reader, study);
  must(store->load(study.id));
  must(store->load_trial(study.id, 0));
  must(store->failed_trials(study.id));
  must(store->jobs_of(study.id, 0));
  must(store->recall("k", "r"));
  must(store->find_study("a"));
  must(store->count_tokens(study.id));
  must(store->absence_of("job"));
  must(store->has_submitted_to("slurm"));
  must(store->checkpoint(true));

  CHECK(watched.seen.size() > 30);
  // Small by intent: one row of meta, the schema, a page of names, attempts of open trials.
  const std::vector<std::string> small{"FROM meta", "UPDATE meta", "sqlite_schema", "CREATE",
                                       "ALTER TABLE", "PRAGMA journal_mode",
                                       "ORDER BY name LIMIT",
                                       "ORDER BY a.trial, a.number"};
  for (const std::string& sql : watched.walked) {
    INFO(sql);
    CHECK(std::ranges::any_of(small, [&](const std::string& part) {
      return sql.find(part) != std::string::npos;
    }));
  }
}
