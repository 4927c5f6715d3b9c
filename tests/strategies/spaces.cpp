// See spaces.hpp.
#include "tests/strategies/spaces.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace hpo {

SearchSpace space_of(std::vector<Parameter> parameters) {
  auto space = SearchSpace::make(std::move(parameters));
  if (!space) FAIL("the test's space is refused: " << space.error().what);
  return *space;
}

SearchSpace space_of_domains(const std::vector<Domain>& domains) {
  std::vector<Parameter> parameters;
  for (const Domain& domain : domains) {
    const std::string name = "p" + std::to_string(parameters.size());
    parameters.push_back({.name = name, .domain = domain});
  }
  return space_of(std::move(parameters));
}

SearchSpace conditional_space() {
  const ParamValue sgd = word_value("sgd");
  const ParamValue adam = word_value("adam");
  const ParamValue lion = word_value("lion");
  return space_of({
      {.name = "nesterov", .domain = BoolDomain{}, .when = {{.parent = "momentum", .min = 0.5}}},
      {.name = "optimizer", .domain = choice({sgd, adam, lion})},
      {.name = "momentum", .domain = FloatDomain{}, .when = {{.parent = "optimizer",
                                                              .values = {sgd}}}},
      {.name = "beta", .domain = FloatDomain{.low = 0.9, .high = 0.9999},
       .when = {{.parent = "optimizer", .values = {adam, lion}}}},
      {.name = "layers", .domain = IntDomain{.low = 1, .high = 4}},
      {.name = "units", .domain = IntDomain{.low = 16, .high = 512, .scale = Scale::log},
       .when = {{.parent = "layers", .min = 3}}}});
}

SearchSpace six_conditional_values() {
  return space_of({{.name = "optimizer", .domain = choice({word_value("sgd"), word_value("adam"),
                                                           word_value("lion")})},
                   {.name = "momentum", .domain = IntDomain{.low = 1, .high = 4},
                    .when = {{.parent = "optimizer", .values = {word_value("sgd")}}}}});
}

SearchSpace constrained_space(std::vector<Parameter> parameters,
                              const std::vector<std::string>& constraints) {
  const SearchSpace space = space_of(std::move(parameters));
  std::vector<Constraint> parsed;
  for (const std::string& text : constraints) {
    auto one = Constraint::parse(text, space.parameters());
    if (const auto* fault = std::get_if<ConstraintFault>(&one)) FAIL(text << ": " << fault->what);
    parsed.push_back(std::get<Constraint>(std::move(one)));
  }
  return space.constrained(std::move(parsed));
}

Domain choice(std::vector<ParamValue> choices) { return ChoiceDomain{std::move(choices)}; }
Domain ordinal(std::vector<ParamValue> levels) { return OrdinalDomain{std::move(levels)}; }
ParamValue word_value(const char* text) { return ParamValue{std::string(text)}; }
ParamValue integer(std::int64_t k) { return ParamValue{k}; }

StudySpec study_of(SearchSpace space, Noise noise) {
  StudySpec spec;
  spec.name = "test";
  spec.space = std::move(space);
  spec.objective = {.metric = "loss", .direction = Direction::minimize, .noise = noise};
  spec.fidelity = FidelitySpec{.name = "epochs", .min = 1, .max = 27};  // some strategies need it
  spec.seed = 7;
  return spec;
}

void HistoryBuilder::add(const Values& values, TrialState state, double value) {
  add(static_cast<int>(history_.finished_count()), values, state, value);
}

void HistoryBuilder::add(int number, const Values& values, TrialState state, double value) {
  history_.append({.number = number, .state = state, .origin = Origin::strategy, .value = value,
                   .history_seq = ++seq_}, values);
}

void HistoryBuilder::tell(int number, int rung, double value) {
  history_.append(RungValue{.trial = number, .rung = rung, .value = value, .history_seq = ++seq_});
}

}  // namespace hpo
