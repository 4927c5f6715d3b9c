// See container.hpp.
#include "executors/runner/container.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "schema/words.hpp"

namespace hpo::runner {
namespace {

using Words = std::vector<std::string>;

// "/host:/inside", each pair once: podman refuses one that comes twice.
Words pairs(const ContainerSpec& container, const Enclosure& kept) {
  Words all;
  const auto add = [&all](const std::string& bind) {
    const bool has_inside = bind.find(':') != std::string::npos;
    std::string pair = has_inside ? bind : bind + ":" + bind;
    if (std::find(all.begin(), all.end(), pair) == all.end()) all.push_back(std::move(pair));
  };
  for (const std::string& directory : kept.directories) add(directory);
  for (const std::string& bind : container.binds) add(bind);
  return all;
}

void add_all(Words& words, const std::string& option, const Words& values) {
  for (const std::string& value : values) words.push_back(option + value);
}

// Variables, user, network and devices are the node's already.
Words apptainer(const ContainerSpec& container, const Enclosure& kept) {
  Words words{"apptainer", "exec", "--pwd=" + kept.workdir};
  add_all(words, "--bind=", pairs(container, kept));
  if (container.has_gpu) words.push_back("--nv");
  words.push_back(container.image);
  return words;
}

// Made for services, so it is told to change as little as the others do. With processes of its own
// the training would be process 1, which SIGTERM does not end. Its output is ours to keep: the log
// driver would keep it twice. A wrapper that the image sets as entry is left out. Variables go by
// name; podman keeps their values in the user's own storage for as long as the container is there.
Words podman(const ContainerSpec& container, const Enclosure& kept) {
  Words words{"podman", "run", "--rm", "--userns=keep-id", "--pid=host", "--ipc=host",
              "--network=host", "--security-opt=label=disable", "--log-driver=none",
              "--entrypoint=", "--workdir=" + kept.workdir};
  add_all(words, "--volume=", pairs(container, kept));
  add_all(words, "--env=", kept.variables);
  if (container.has_gpu) words.push_back("--device=nvidia.com/gpu=all");
  words.push_back(container.image);
  return words;
}

// It stays in the working directory; variables and user are the node's.
Words shifter(const ContainerSpec& container, const Enclosure& kept) {
  Words words{"shifter", "--image=" + container.image};
  add_all(words, "--volume=", pairs(container, kept));
  if (container.has_gpu) words.push_back("--module=gpu");
  return words;
}

Words prefix(const ContainerSpec& container, const Enclosure& kept) {
  switch (container.runtime) {
    case ContainerRuntime::apptainer: return apptainer(container, kept);
    case ContainerRuntime::podman: return podman(container, kept);
    case ContainerRuntime::shifter: return shifter(container, kept);
  }
  return {};
}

// The parent of an attempt's directory is the trial's, with its checkpoints.
Words directories_of(const Attempt& attempt) {
  return {attempt.spec.workdir, parent_of(attempt.paths.directory)};
}

}  // namespace

Words contained(const ContainerSpec& container, const Enclosure& kept, const Words& command) {
  Words words = prefix(container, kept);
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

Words contained(const Attempt& attempt, Words command) {
  if (!attempt.spec.container) return command;
  Enclosure kept{.workdir = attempt.spec.workdir, .directories = directories_of(attempt),
                 .variables = {"HPO_*", "CUDA_VISIBLE_DEVICES"}};
  for (const Words& more : {attempt.spec.job_variables, attempt.variables}) {
    kept.variables.insert(kept.variables.end(), more.begin(), more.end());
  }
  return contained(*attempt.spec.container, kept, command);
}

namespace {

// Apptainer takes for a file what names no other place ("docker://…"); what podman and shifter
// take for an image is in a storage of their own.
Result<void> check_image(const ContainerSpec& container, const std::string& workdir) {
  const bool is_file = container.runtime == ContainerRuntime::apptainer &&
                       container.image.find("://") == std::string::npos;
  if (!is_file) return {};
  const std::string path = absolute(container.image, workdir);
  if (::access(path.c_str(), R_OK) == 0) return {};
  return Error{ErrorCode::not_found, "the container's image cannot be read: " + errno_text(errno),
               path + ", on node " + host_name(),
               "correct \"image\" in the \"container\" of the study's \"environment\"; this node "
               "must see it too"};
}

}  // namespace

Result<void> check_container(const Attempt& attempt) {
  if (!attempt.spec.container) return {};
  for (const std::string& directory : directories_of(attempt)) {
    if (directory.find_first_of(":,;") == std::string::npos) continue;
    return Error{ErrorCode::invalid_argument,
                 std::string(word(attempt.spec.container->runtime)) +
                     " cannot be given a directory with : , or ; in its name",
                 directory, "choose another \"workdir\" or HPO_STATE_DIR, or leave the container"};
  }
  return check_image(*attempt.spec.container, attempt.spec.workdir);
}

}  // namespace hpo::runner
