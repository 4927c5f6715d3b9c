// See submission_texts.hpp. Texts of Slurm 22.05 to 24.05: slurm_errno.c, and recorded outputs.
#include "executors/slurm/submission_texts.hpp"

namespace hpo::slurm {
namespace {

using enum SubmitAnswer;

constexpr std::string_view usable =
    "'sacctmgr show assoc user=$USER format=account,partition,qos' lists what you may use";
constexpr std::string_view partitions =
    "'sinfo -s' lists the partitions, 'scontrol show partition' their limits";
constexpr std::string_view nodes = "'sinfo -o \"%P %c %m %G %f\"' lists what the nodes have";
constexpr std::string_view searched = "nothing to do: the job is searched for by its name";
constexpr std::string_view tried_again = "nothing to do: it is tried again later";
constexpr std::string_view site =
    "nothing to do: it is tried again later; if it stays, ask the site's administrators";
constexpr std::string_view later =
    "it is tried again when one ends; lower \"max_queued\" to stay below the limit";
constexpr std::string_view other_partition =
    "wait, or choose another \"partition\"; 'sinfo -s' lists them";
constexpr std::string_view correct_partition =
    "correct \"partition\"; 'sinfo -s' lists them";
constexpr std::string_view correct_reservation =
    "correct \"reservation\"; 'scontrol show reservation' lists them";
constexpr std::string_view extra = "correct the executor's options, \"extra\" among them";
constexpr std::string_view our_fault = "this is a fault of hpo; report it with this message";

constexpr SubmissionText table[] = {
    // Without a credential nothing is sent, whatever else is complained of.
    {"Munge encode failed", not_submitted, "munge, which proves who you are, does not run on this "
     "host", {}, "go to a login node where 'munge -n' works, or ask the site"},
    {"auth_g_create", not_submitted, "Slurm cannot prove who you are on this host", {},
     "start hpod on a login node where 'sbatch' works by hand, or ask the site"},

    // Doubts: the request may have arrived.
    {"Socket timed out", unclear, "the controller did not answer in time", {}, searched},
    {"Zero Bytes were transmitted or received", unclear, "the connection broke", {}, searched},
    {"(receive failure)", unclear, "the controller's answer was lost", {}, searched},
    {"(send failure)", unclear, "the connection broke while the request was sent", {}, searched},
    {"(shutdown failure)", unclear, "the connection broke at its end", {}, searched},
    {"Message receive failure", unclear, "the controller's answer was lost", {}, searched},
    {"Message send failure", unclear, "the connection broke", {}, searched},
    {"Communication shutdown failure", unclear, "the connection broke", {}, searched},
    {"Connection timed out reading", unclear, "the controller did not answer in time", {},
     searched},
    {"Connection timed out writing", unclear, "the connection hung", {}, searched},
    {"Protocol authentication error", unclear, "Slurm doubts who you are, or who answers", {},
     "the job is searched for; compare this host's clock with the site's"},
    {"Unexpected message received", unclear, "the controller's answer made no sense", {}, searched},

    // The controller was not reached, or did not even read the request.
    {"(connect failure)", not_submitted, "Slurm's controller does not answer", {}, site},
    {"Connection timed out establishing", not_submitted, "Slurm's controller does not answer", {},
     site},
    {"configuration source", not_submitted, "Slurm's configuration cannot be had", {}, site},
    {"Unable to process configuration file", not_submitted, "Slurm's configuration cannot be read",
     {}, "look whether SLURM_CONF names the site's slurm.conf, and whether it is there"},
    {"Incompatible versions of client and server", not_submitted,
     "sbatch is of another release than the controller", {}, "put the site's own sbatch into PATH"},

    // Back-pressure: limits that leave room again when a job ends.
    {"SubmitJobPerUserLimit", put_off, "your QOS lets you have no more jobs in the queue", "--qos",
     later},
    {"SubmitJobPerAccount", put_off, "your account may have no more jobs in the queue", "--account",
     later},
    {"SubmitJobsPerAccount", put_off, "your account may have no more jobs in the queue",
     "--account", later},
    {"MaxSubmitJobLimit", put_off, "your account lets you have no more jobs in the queue",
     "--account", later},
    {"GrpSubmitJobsLimit", put_off, "the jobs of your whole group fill the queue", {}, tried_again},
    {"MaxJobCount limit reached", put_off, "the whole site's queue is full", {}, tried_again},
    {"job queue full", put_off, "the whole site's queue is full", {}, tried_again},
    {"temporarily unable to accept job", put_off, "Slurm takes no jobs just now", {}, tried_again},
    {"Job creation temporarily disabled", put_off, "Slurm takes no jobs just now", {}, tried_again},
    {"Resource temporarily unavailable", put_off, "Slurm takes no jobs just now", {}, tried_again},
    {"Rate limit exceeded", put_off, "the site limits requests per user, and it was one too many",
     {}, "lower \"submit_rate\""},

    // Closed for now.
    {"Required partition not available", put_off, "the partition is closed (inactive or drained)",
     "--partition", other_partition},
    {"Partition in DOWN state", put_off, "the partition is down", "--partition",
     other_partition},
    {"System submissions disabled", put_off, "the site takes no jobs at present", {}, site},
    {"Required node not available", put_off, "a node that was asked for is down or reserved", {},
     "wait, or ask for no node by name in \"extra\""},
    {"standby mode", put_off, "Slurm changes over to its backup controller", {}, tried_again},
    {"Requested partition configuration not available now", put_off,
     "the partition has too few nodes in service", "--partition",
     "wait, or ask for fewer \"nodes\"; 'sinfo -s' lists what is there"},
    {"Requested reservation is in use", put_off, "the reservation is in use", "--reservation",
     tried_again},
    {"Requested reservation not usable now", put_off, "the reservation has not begun",
     "--reservation", tried_again},
    {"Licenses currently unavailable", put_off, "no licence is free", "--licenses", tried_again},
    {"Requested nodes are busy", put_off, "the nodes are busy", {}, tried_again},
    {"I/O error writing script", put_off, "the controller could not store the script", {}, site},
    {"Unable to create job record", put_off, "the controller could not store the job", {}, site},
    {"Slurm internal error", put_off, "Slurm failed inside", {}, site},

    // Refusals.
    {"No partition specified", refused, "the site has no default partition", "--partition",
     "set \"partition\"; 'sinfo -s' lists them"},
    {"partition specified", refused, "there is no such partition", "--partition",
     correct_partition},
    {"Invalid partition name", refused, "there is no such partition", "--partition",
     correct_partition},
    {"group not permitted to use this partition", refused, "you may not use this partition",
     "--partition", "choose another \"partition\"; 'sinfo -s' lists them"},
    {"Invalid account", refused, "you may not use this account, or not in this partition",
     "--account", usable},
    {"Invalid qos", refused, "you may not use this QOS", "--qos", usable},
    {"Invalid QOS", refused, "you may not use this QOS, or not here", "--qos", usable},
    {"QOS permission denied", refused, "you may not use this QOS", "--qos", usable},
    {"Invalid or unknown association", refused, "Slurm knows nothing of you and this account",
     "--account", usable},
    {"MaxWallDurationPerJobLimit", refused, "it asks for more time than one job may have", "--time",
     "lower \"time\"; 'sacctmgr show qos format=name,maxwall' tells the limits"},
    {"MinutesPerJob", refused, "nodes and time together are more than one job may have", "--time",
     "lower \"time\" or \"nodes\"; 'sacctmgr show qos' tells the limits"},
    {"CpuPerJobLimit", refused, "it asks for more CPUs than one job may have", "--cpus-per-task",
     "lower \"cpus\" or \"nodes\"; 'sacctmgr show qos' tells the limits"},
    {"NodePerJobLimit", refused, "it asks for more nodes than one job may have", "--nodes",
     "lower \"nodes\"; 'sacctmgr show qos' tells the limits"},
    {"GRESPerJob", refused, "it asks for more GPUs than one job may have", "--gres",
     "lower \"gpus\" or \"nodes\"; 'sacctmgr show qos' tells the limits"},
    {"accounting/QOS policy", refused, "it asks for more than your account or QOS allows", {},
     "'sacctmgr show qos' and 'sacctmgr show assoc user=$USER' tell the limits"},
    {"time limit is invalid", refused,
     "it asks for more time than the partition gives, or than is left until its --deadline",
     "--time", partitions},
    {"--time specification", refused, "the time is none that Slurm reads", "--time",
     "correct \"time\", as in \"4h\""},
    {"Memory specification can not be satisfied", refused, "no node has as much memory", "--mem",
     nodes},
    {"Memory required by task is not available", refused, "no node has as much memory", "--mem",
     nodes},
    {"--mem specification", refused, "the memory is none that Slurm reads", "--mem",
     "correct \"memory\", as in \"16G\""},
    {"node configuration is not available", refused, "no node has all that it asks for",
     "--cpus-per-task, --gres, --mem, --constraint", nodes},
    {"More processors requested than permitted", refused,
     "its nodes have fewer CPUs, or the partition has fewer nodes",
     "--nodes, --cpus-per-task, --ntasks-per-node", nodes},
    {"Node count specification invalid", refused, "the partition gives fewer nodes, or more",
     "--nodes", partitions},
    {"CPU count", refused, "the number of CPUs is not possible", "--cpus-per-task", nodes},
    {"generic resource (gres) specification", refused, "no node has such GPUs", "--gres", nodes},
    {"Invalid GRES", refused, "no node has such GPUs", "--gres", nodes},
    {"Invalid Trackable RESource", refused, "no node has such GPUs", "--gres", nodes},
    {"Invalid feature", refused, "no node has this feature", "--constraint", nodes},
    {"Invalid license", refused, "there is no such licence, or not as many", "--licenses",
     "correct \"licenses\"; 'scontrol show licenses' lists them"},
    {"Access denied to requested reservation", refused, "you may not use this reservation",
     "--reservation", correct_reservation},
    {"reservation is invalid", refused, "there is no such reservation, or it is over",
     "--reservation", correct_reservation},
    {"Invalid node name", refused, "there is no such node", "--nodelist, --exclude",
     "correct \"extra\"; 'sinfo -N' lists the nodes"},
    {"Requested nodes not in this partition", refused, "the nodes are not in this partition",
     "--nodelist", "correct \"extra\" or \"partition\""},
    {"Incompatible begin and deadline", refused, "its times are not possible", {}, extra},
    {"Invalid wckey", refused, "there is no such wckey", "--wckey", "correct \"extra\""},
    {"Invalid job array", refused, "a job array is asked for", "--array",
     "take it out of \"extra\": a trial is one job"},
    {"Job dependency", refused, "the dependency is not possible", "--dependency",
     "take it out of \"extra\""},
    {"Pathname of a file, directory or other parameter too long", refused,
     "a path or an option is too long, or the job script has more than 4 MB", {},
     "shorten HPO_STATE_DIR and the options"},
    {"Unable to open file", refused, "sbatch cannot read the job script", {},
     "look whether HPO_STATE_DIR is readable on this host"},
    {"Batch script", refused, "sbatch does not accept the job script", {}, our_fault},
    {"like a batch script", refused, "sbatch does not accept the job script", {}, our_fault},
    {"NULL character", refused, "sbatch does not accept the job script", {}, our_fault},
    {"invalid entry for --cluster", not_submitted, "that cluster cannot be asked", "--clusters",
     "correct \"extra\"; 'sacctmgr show cluster' lists them"},
    {"known by database", refused, "there is no such cluster", "--clusters",
     "correct \"extra\"; 'sacctmgr show cluster' lists them"},
    {"Access/permission denied", refused, "you may not do that", {},
     "look at \"extra\", or ask the site's administrators"},
    {"Requested operation not supported", refused, "this site does not support an option", {},
     "look at \"extra\""},
    {"Burst Buffer", refused, "the burst buffer is not given", {}, "look at \"extra\""},
    {"unrecognized option", refused, "sbatch of this site does not know an option", {},
     "correct \"extra\"; 'man sbatch' lists the options"},
    {"option requires an argument", refused, "an option lacks its value", {}, "correct \"extra\""},
    {"ambiguous", refused, "an option is not clear", {}, "write it out in \"extra\""},

    // Whatever else the controller calls wrong about the request itself.
    {"submission failed: Invalid", refused, "Slurm does not accept an option", {}, extra},
    {"specification invalid", refused, "Slurm does not accept an option", {}, extra},
    {"Job size specification needs to be provided", refused, "the site wants to know the size", {},
     "set \"nodes\", \"cpus\" or \"memory\""},
    {"RestrictedCoresPerGPU", refused, "no node has as many CPUs beside its GPUs",
     "--cpus-per-task", nodes},
};

}  // namespace

std::span<const SubmissionText> submission_texts() { return table; }

}  // namespace hpo::slurm
