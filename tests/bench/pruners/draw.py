"""Random params of a study.json's space, by the number of a training."""
import random


def draw(space, number):
    """Each parameter by itself, uniform or log-uniform."""
    dice, params = random.Random(number), {}
    for name, text in space.items():
        kind = next(key for key in ("float", "int", "choice", "ordinal", "bool") if key in text)
        if kind in ("choice", "ordinal"):
            params[name] = dice.choice(text[kind])
        elif kind == "bool":
            params[name] = dice.random() < 0.5
        else:
            low, high = text[kind]
            if kind == "int":
                low, high = low - 0.5, high + 0.5
            u = dice.random()
            value = low * (high / low) ** u if text.get("log") else low + (high - low) * u
            params[name] = round(value) if kind == "int" else value
    return params
