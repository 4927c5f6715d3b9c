// One list of fields per struct, for writing and for reading, so that the two cannot drift apart.
//
// A struct takes part by `template <class A> void fields(A& archive, Of<A, T>& it)` in its own
// namespace. need() must be there when read; the others keep their default if they are missing,
// and empty ones are not written, so an optional, text or list must be empty by default. Unknown
// members are ignored: a newer build may have added them.
// For schema/codec/*.cpp alone. One thread.
#pragma once

#include <type_traits>

#include "schema/codec/from_json.hpp"
#include "schema/codec/to_json.hpp"

namespace hpo::codec {

template <class A, class T>
using Of = std::conditional_t<A::reads, T, const T>;

template <class T>
std::string to_text(const T& it, const SearchSpace& space = {}) {
  return ToJson(space).text(it);
}

template <class T>
Result<T> from_text(std::string_view text, std::string_view where, const SearchSpace& space = {}) {
  return FromJson(space, text).read<T>(where);
}

}  // namespace hpo::codec
