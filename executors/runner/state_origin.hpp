// Which state directory a file in it was written for: a copy brings the file along.
//
// By its inode number, which a move keeps and a copy does not, and which all nodes of a network
// file system see alike, unlike device numbers. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo::runner {

struct StateOrigin {
  std::string path{};       // absolute, as its daemon names it; empty: an older daemon wrote it
  std::uint64_t inode = 0;  // 0: not known
  friend bool operator==(const StateOrigin&, const StateOrigin&) = default;
};

// Of the directory `root`. No inode on FUSE: it may make up another one for each mount.
StateOrigin state_origin(const std::string& root);

// As members of a JSON object of ours, "state_dir" and "inode".
void write_members(json::Writer& writer, const StateOrigin& origin);
StateOrigin state_origin_of(const json::Node& object);

// True if `root` is proven to be another directory than the one the file was written in. From any
// node.
bool is_copied(const StateOrigin& origin, const std::string& root);

// True if the path of the origin leads to another directory than `root`: the file came with a copy,
// or was moved and the place taken. REQUIRES: this is the host that wrote it
bool leads_elsewhere(const StateOrigin& origin, const std::string& root);

}  // namespace hpo::runner
