// The fields of an Outcome: of exit.json, of a column, and of the event attempt_ended.
#pragma once

#include "schema/codec/archive.hpp"

namespace hpo {

template <class A>
void fields(A& archive, codec::Of<A, Outcome>& it) {
  archive.need("status", it.status);
  archive("failure", it.failure);
  archive("retry_asked", it.retry_asked);
  archive("is_unwanted", it.is_unwanted);
  archive("exit_code", it.exit_code);
  archive("signal", it.signal);
  archive("value", it.value);
  archive("metrics", it.metrics);
  archive("message", it.message);
  archive("place", it.place);
  archive("started_ns", it.started_ns);
  archive("ended_ns", it.ended_ns);
}

}  // namespace hpo
