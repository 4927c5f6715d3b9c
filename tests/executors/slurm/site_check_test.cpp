// Whether a site can run a study: each limit is named, with its place; what is not known is none.
#include <catch2/catch.hpp>

#include "executors/slurm/site_check.hpp"
#include "executors/slurm/site_nodes.hpp"
#include "tests/executors/slurm/recorded.hpp"

using namespace hpo;
using namespace hpo::slurm;

using Words = std::vector<std::string>;

namespace {

Site recorded_site() {
  return {.user = "anna", .config = *parse_config(recorded("config_22.05.txt")),
          .partitions = *parse_partitions(recorded("partitions_22.05.txt")),
          .nodes = *parse_nodes(recorded("nodes_22.05.txt")),
          .associations = *parse_associations(recorded("associations_22.05.txt")),
          .qos = *parse_qos(recorded("qos_22.05.txt"))};
}

Site newer_site() {
  return {.user = "anna", .config = {}, .partitions = *parse_partitions(
              recorded("partitions_24.05.txt")),
          .nodes = *parse_nodes(recorded("nodes_24.05.txt")),
          .associations = *parse_associations(recorded("associations_24.05.txt")),
          .qos = *parse_qos(recorded("qos_24.05.txt"))};
}

StudySpec study(const BatchSpec& batch = {}) {
  StudySpec spec;
  spec.executor.type = "slurm";
  spec.executor.batch = batch;
  return spec;
}

StudySpec lasting(std::chrono::seconds time, const BatchSpec& batch = {}) {
  StudySpec spec = study(batch);
  spec.executor.time = time;
  return spec;
}

constexpr std::chrono::minutes a_quarter{15};

// "weight what [where] remedy" of all problems, a line each.
std::string told(const StudySpec& spec, const Site& site) {
  std::string text;
  for (const SiteProblem& each : check(spec, site)) {
    text += (each.weight == Weight::error ? "error " : "note ") + each.what + " [" + each.where +
            "] " + each.remedy + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("site check: a study that fits has no problem", "[slurm]") {
  const Site site = recorded_site();
  CHECK(told(study(), site).empty());
  CHECK(told(lasting(std::chrono::minutes(10), {.account = "HPO", .partition = "short",
                                                .qos = "tiny"}), site).empty());
  StudySpec large = study({.constraint = "fast", .nodes = 2, .tasks_per_node = 4,
                           .memory_bytes = 64000LL << 20});
  large.executor.cpus = 4;
  large.executor.gpus = 2;
  CHECK(told(large, site).empty());
}

TEST_CASE("site check: what is not known is no problem", "[slurm]") {
  const StudySpec spec = lasting(a_quarter, {.account = "x", .partition = "x", .qos = "x",
                                             .constraint = "x", .nodes = 99});
  CHECK(told(spec, Site{}).empty());
}

TEST_CASE("site check: a partition that is not there or not up is told with those there are",
          "[slurm]") {
  CHECK(told(study({.partition = "shrot"}), recorded_site()) ==
        "error there is no partition \"shrot\" [scontrol show partition] choose of these: batch, "
        "short, low, low_cancel, high, down (DOWN)\n");
  CHECK(told(study({.partition = "down"}), recorded_site()) ==
        "error partition \"down\" is not up: DOWN [State in slurm.conf; scontrol show partition "
        "down] wait until it is, or choose of these: batch, short (00:10:00), low, low_cancel, "
        "high\n");
  Site site = recorded_site();
  site.partitions->front().is_default = false;
  CHECK_THAT(told(study(), site), Catch::StartsWith("error the study names no \"partition\""));
}

TEST_CASE("site check: time above the partition's limit is told with the limit and its place",
          "[slurm]") {
  CHECK(told(lasting(a_quarter, {.partition = "short"}), recorded_site()) ==
        "error a job asks for 00:15:00, and partition \"short\" allows 00:10:00 [MaxTime in "
        "slurm.conf; scontrol show partition short] lower \"time\", or choose of these: batch, "
        "low, low_cancel, high\n");
  // One of two partitions is enough.
  CHECK(told(lasting(a_quarter, {.partition = "short,batch"}), recorded_site()).empty());
  CHECK_FALSE(told(lasting(a_quarter, {.partition = "short,down"}), recorded_site()).empty());
}

TEST_CASE("site check: a QOS may set the partition's time aside", "[slurm]") {
  const auto three_days = std::chrono::hours(72);
  const std::string told_normal =
      told(lasting(three_days, {.account = "m4711", .qos = "normal"}), newer_site());
  CHECK_THAT(told_normal, Catch::Contains("partition \"gpu\" allows 2-00:00:00 [MaxTime"));
  const std::string told_long =
      told(lasting(three_days, {.account = "m4711", .qos = "long"}), newer_site());
  CHECK_THAT(told_long, !Catch::Contains("MaxTime"));
  CHECK_THAT(told_long, Catch::Contains("the partition's QOS \"gpu_part\" allows 1-00:00:00"));
}

TEST_CASE("site check: more than any node has is told with the most there is", "[slurm]") {
  StudySpec spec = study({.tasks_per_node = 2, .memory_bytes = 70LL << 30});
  spec.executor.cpus = 20;
  spec.executor.gpus = 3;
  CHECK(told(spec, recorded_site()) ==
        "error a job asks for 40 CPUs (2 × 20) on each node, and no node of partition \"batch\" "
        "gives more than 16 [CPUs in slurm.conf; scontrol show node] lower \"cpus\" or "
        "\"tasks_per_node\", or choose another \"partition\"\n"
        "error a job asks for 3 GPUs on each node, and no node of partition \"batch\" gives more "
        "than 2 [Gres in slurm.conf; scontrol show node] lower \"gpus\", or choose another "
        "\"partition\"\n"
        "error a job asks for 70G of memory on each node, and no node of partition \"batch\" gives "
        "more than 64000M [RealMemory in slurm.conf; scontrol show node] lower \"memory\", or "
        "choose another \"partition\"\n");
  StudySpec capped = study({.memory_bytes = 490'000LL << 20});
  CHECK_THAT(told(capped, newer_site()), Catch::Contains("480000M [MaxMemPerNode"));
}

TEST_CASE("site check: nodes that have it all are counted", "[slurm]") {
  StudySpec spec = study({.constraint = "fast", .nodes = 3});
  spec.executor.gpus = 2;
  CHECK_THAT(told(spec, recorded_site()), Catch::Contains(
      "a job asks for 3 nodes, and partition \"batch\" has 2 with 1 CPU, 2 GPUs, \"fast\""));
  StudySpec torn = study({.constraint = "v100", .memory_bytes = 300LL << 30});
  CHECK_THAT(told(torn, newer_site()),
             Catch::Contains("no node of partition \"gpu\" has all of this"));
  CHECK_THAT(told(study({.nodes = 9}), newer_site()),
             Catch::Contains("a job asks for 9 nodes, and partition \"gpu\" allows 8 [MaxNodes"));
}

TEST_CASE("site check: a feature that no node has is told with those there are", "[slurm]") {
  CHECK(features_in("a&(b|c*2)&[d*3|e]&a") == Words{"a", "b", "c", "d", "e"});
  CHECK(told(study({.constraint = "nvme|cpu"}), recorded_site()) ==
        "error no node has the feature \"nvme\" of \"constraint\" [Feature in slurm.conf; scontrol "
        "show node] choose of these: cpu, fast\n");
}

TEST_CASE("site check: an account or a QOS that is not the user's is told with what is",
          "[slurm]") {
  CHECK(told(study({.account = "theirs"}), recorded_site()) ==
        "error you may not use the account \"theirs\" [sacctmgr show assoc user=anna "
        "format=account,partition,qos] set \"account\" to one of these: hpo (QOS normal, tiny)\n");
  CHECK(told(study({.qos = "long"}), recorded_site()) ==
        "error there is no QOS \"long\" [sacctmgr show qos] set \"qos\" to one of these: normal, "
        "tiny\n");
  CHECK_THAT(told(study({.account = "m4711", .qos = "interactive"}), newer_site()),
             Catch::Contains("you may not use the QOS \"interactive\""));
  CHECK_THAT(told(study({.account = "guests"}), newer_site()),
             Catch::Contains("partition \"gpu\" is closed to the account \"guests\" [AllowAcc"));
  Site site = recorded_site();
  site.partitions->front().qos_allowed = {"normal"};
  CHECK_THAT(told(study({.qos = "tiny"}), site),
             Catch::Contains("partition \"batch\" is closed to the QOS \"tiny\" [AllowQos"));
  site = recorded_site();
  site.associations->clear();
  CHECK_THAT(told(study(), site), Catch::Contains("ask the site's administrators"));
}

TEST_CASE("site check: what is not enforced is a note", "[slurm]") {
  Site site = recorded_site();
  site.config->enforces_accounts = site.config->enforces_limits = site.config->enforces_qos = false;
  CHECK_THAT(told(study({.account = "theirs"}), site), Catch::StartsWith("note you may not"));
  CHECK(told(lasting(a_quarter, {.qos = "tiny"}), site).empty());
}

TEST_CASE("site check: the limits of the QOS are told", "[slurm]") {
  CHECK(told(lasting(a_quarter, {.qos = "tiny"}), recorded_site()) ==
        "error a job asks for 00:15:00, and the QOS \"tiny\" allows 00:10:00 [MaxWall of the QOS; "
        "sacctmgr show qos tiny format=name,maxwall] lower \"time\", or choose another \"qos\"\n");
  CHECK(told(study({.qos = "tiny"}), recorded_site()) ==
        "error without \"time\" a job gets 01:00:00, and the QOS \"tiny\" allows 00:10:00 [MaxWall "
        "of the QOS; sacctmgr show qos tiny format=name,maxwall] set \"time\", or choose another "
        "\"qos\"\n");
  StudySpec wide = lasting(std::chrono::minutes(5), {.qos = "tiny"});
  wide.parallel = 8;
  CHECK(told(wide, recorded_site()) ==
        "error the study wants 8 jobs at a time, and the QOS \"tiny\" lets you have 4 in the "
        "queue [MaxSubmitPU of the QOS; sacctmgr show qos tiny format=name,maxsubmitpu] lower "
        "\"parallel\" to 4, or choose another \"qos\"\n");
  wide.parallel = 3;
  CHECK_THAT(told(wide, recorded_site()),
             Catch::StartsWith("note the study wants 3 jobs at a time, and the QOS \"tiny\" run"));
  wide.parallel = 2;
  CHECK(told(wide, recorded_site()).empty());
  StudySpec default_qos = lasting(std::chrono::minutes(5));
  default_qos.parallel = 8;
  Site site = recorded_site();
  site.associations->front().default_qos = "tiny";
  CHECK_THAT(told(default_qos, site), Catch::Contains("your QOS \"tiny\" lets you have 4"));
  site.associations->front().submit_max = 3;
  CHECK_THAT(told(default_qos, site), Catch::Contains("the account \"hpo\" lets you have 3"));
}

TEST_CASE("site check: what extra options set anew is left to Slurm", "[slurm]") {
  const auto [extra] = GENERATE(table<Words>({
      {Words{"--partition=short"}}, {Words{"-p", "short"}}, {Words{"-pshort"}},
      {Words{"--clusters=other"}}}));
  CHECK(told(study({.partition = "nowhere", .extra = extra}), recorded_site()).empty());
  CHECK(told(lasting(a_quarter, {.partition = "short", .extra = {"-t5"}}), recorded_site())
            .empty());
  CHECK_FALSE(told(study({.partition = "nowhere", .extra = {"--parsable"}}), recorded_site())
                  .empty());
  CHECK(told(study({.account = "theirs", .qos = "x", .extra = {"--account=hpo", "--qos=tiny"}}),
             recorded_site()).empty());
  CHECK(told(study({.memory_bytes = 1LL << 50, .extra = {"--mem-per-cpu=1G"}}), recorded_site())
            .empty());
}

TEST_CASE("site check: a retry that asks for more than any limit is told before the first job",
          "[slurm]") {
  StudySpec spec = lasting(std::chrono::minutes(4), {.partition = "short"});
  spec.retry.scale = {.memory = 1.0, .time = 2.0};
  CHECK(told(spec, recorded_site()).empty());  // a time-out is not retried
  spec.retry.on.push_back(FailureClass::timeout);
  CHECK(told(spec, recorded_site()) ==
        "note retry 2 after timeout would be refused: a job asks for 00:16:00, and partition "
        "\"short\" allows 00:10:00 [MaxTime in slurm.conf; scontrol show partition short] lower "
        "\"retry.max\" or \"retry.scale\"\n");
  spec.retry.max = 1;
  CHECK(told(spec, recorded_site()).empty());
  spec = study({.memory_bytes = std::int64_t{40} << 30});
  spec.retry.on.push_back(FailureClass::out_of_memory);
  spec.retry.scale.memory = 2.0;
  CHECK_THAT(told(spec, recorded_site()),
             Catch::Contains("note retry 1 after out_of_memory would be refused") &&
                 Catch::Contains("80G of memory"));
}
