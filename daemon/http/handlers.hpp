// The handlers of the route table. What a handler's type says is where it is called:
// NowHandler on the io thread, ReadHandler on the reader strand, WriteHandler on either.
#pragma once

#include "daemon/http/router.hpp"

namespace hpo::http {

// studies.cpp
Response list_studies(const Scope&, store::Reader&, const Call&);
Response show_study(const Scope&, store::Reader&, const Call&);
Response show_best(const Scope&, store::Reader&, const Call&);

// trials.cpp
Response list_trials(const Scope&, store::Reader&, const Call&);
Response show_trial(const Scope&, store::Reader&, const Call&);
Response show_log(const Scope&, store::Reader&, const Call&);
Response show_strategy_log(const Scope&, store::Reader&, const Call&);

// reports.cpp
Response list_reports(const Scope&, store::Reader&, const Call&);
Response list_trial_reports(const Scope&, store::Reader&, const Call&);

// export.cpp
Response export_study(const Scope&, store::Reader&, const Call&);

// service.cpp
Response show_schema(const Scope&, const Call&);
Response show_ready(const Scope&, const Call&);
Response show_version(const Scope&, store::Reader&, const Call&);

// submit.cpp
Prepared submit_study(const Scope&, Call&&);
Response validate_study(const Scope&, store::Reader&, const Call&);

// commands.cpp
Prepared pause_study(const Scope&, Call&&);
Prepared resume_study(const Scope&, Call&&);
Prepared cancel_study(const Scope&, Call&&);
Prepared cancel_trial(const Scope&, Call&&);
Prepared retry_trials(const Scope&, Call&&);
Prepared enqueue_trials(const Scope&, Call&&);

// leases.cpp
Prepared exchange(const Scope&, Call&&);
Prepared ask_trials(const Scope&, Call&&);
Prepared report_trial(const Scope&, Call&&);
Prepared tell_trial(const Scope&, Call&&);

// tokens.cpp
Prepared issue_token(const Scope&, Call&&);
Prepared revoke_tokens(const Scope&, Call&&);

// work.cpp
Response show_work(const Scope&, store::Reader&, const Call&);

}  // namespace hpo::http
