// What a worker tells of one lease: it has begun, it has ended so, it is given back.
//
// Everything may be said twice, late, or of a lease that ran out long ago: what is true already is
// accepted again, and a result that cannot count is kept. Called inside a transaction; checks first
// and records then. Engine strand.
#pragma once

#include "daemon/loop/command_handlers.hpp"

namespace hpo::loop {

// Error conflict: hpod starts the trials of this study itself. As Ledger::find besides.
Result<StudyLoop*> find_pulled(const CommandContext& context, const std::string& study);

// Why nothing, or not all, of what was told took effect; empty: it did, now or before.
using Objection = std::string;

// The open trial that this lease holds, begun or not; nullptr: it is not open, or not the lease's.
const engine::LiveTrial* holder(const StudyLoop& loop, const Held& lease);

// The attempt of an ended lease whose result this is, if that will count. nullptr: any other.
const Attempt* late_attempt(const StudyLoop& loop, const Told& told);

// Begins the trial if it is leased and that was not told. A report that is not kept is no Error.
Result<Heard> tell_step(const CommandContext& context, StudyLoop& loop, const Reported& reported);
Result<Objection> tell_begin(const CommandContext& context, StudyLoop& loop, const Held& lease);
Result<Objection> tell_end(const CommandContext& context, StudyLoop& loop, const Told& told);
Result<Objection> tell_return(const CommandContext& context, StudyLoop& loop, const Held& lease);

// Of a lease that is none any more.
Objection why_gone(const StudyLoop& loop, const Held& lease);

}  // namespace hpo::loop
