"""Makes jets.npz: jets of boosted W bosons and of QCD, by their constituents alone.

By hand, about 6 minutes on a core; nobody else needs it, the file is committed:
    python3 -m venv /tmp/pythia && /tmp/pythia/bin/pip install --only-binary :all: pythia8mc numpy
    /tmp/pythia/bin/python make_data.py
"""
import os
import time

import numpy as np
import pythia8mc

JETS_PER_CLASS = 20000
PARTS = {"train": 16000, "validation": 8000, "test": 16000}
CONSTITUENTS = 16
RADIUS = 0.8
PT_GEV = (500.0, 600.0)
RAPIDITY_MAX = 2.0
MATCH_RADIUS = 0.6
ETA_MAX = 4.0  # beyond RAPIDITY_MAX + RADIUS, so that no kept jet is cut
ANTI_KT, VISIBLE, REAL_MASSES = -1, 2, 2  # Pythia's codes in SlowJet
ANGLE_UNITS = 150.0  # int8 reaches 127/150 = 0.85, just past the radius
FRACTION_MIN = 1e-4

COMMON = ["Beams:eCM = 13000", "PartonLevel:MPI = on", "PhaseSpace:pTHatMin = 470",
          "PhaseSpace:pTHatMax = 700", "Random:setSeed = on", "Print:quiet = on"]
SIGNAL = ["WeakDoubleBoson:ffbar2WW = on", "24:onMode = off", "24:onIfAny = 1 2 3 4 5",
          "Random:seed = 1"]
BACKGROUND = ["HardQCD:all = on", "Random:seed = 2"]


def wrap(phi):
    return (phi + np.pi) % (2 * np.pi) - np.pi


def w_bosons(event):
    """(y, phi) of each W as it decays, after all its recoils."""
    decayed = (p for p in event if p.idAbs() == 24 and event[p.daughter1()].idAbs() < 6)
    return [(w.y(), w.phi()) for w in decayed]


def is_matched(y, phi, bosons):
    return any(np.hypot(y - wy, wrap(phi - wphi)) < MATCH_RADIUS for wy, wphi in bosons)


def encode(event, indices, jet_pt, jet_y, jet_phi):
    """A row of each array. A pT fraction's logarithm fills 1..255; 0 says: no constituent."""
    hardest = sorted((event[i] for i in indices), key=lambda p: -p.pT())[:CONSTITUENTS]
    row = np.zeros((3, CONSTITUENTS))
    for column, p in enumerate(hardest):
        fraction = max(p.pT() / jet_pt, FRACTION_MIN)
        row[:, column] = (min(255.0, 255 - 254 * np.log(fraction) / np.log(FRACTION_MIN)),
                          np.clip(ANGLE_UNITS * (p.y() - jet_y), -127, 127),
                          np.clip(ANGLE_UNITS * wrap(p.phi() - jet_phi), -127, 127))
    return np.rint(row).astype(np.int16)


def jets_of(event, slow_jet, is_signal):
    bosons = w_bosons(event) if is_signal else []
    slow_jet.analyze(event)
    for j in range(slow_jet.sizeJet()):
        pt, y, phi = slow_jet.pT(j), slow_jet.y(j), slow_jet.phi(j)
        if not PT_GEV[0] < pt < PT_GEV[1] or abs(y) > RAPIDITY_MAX:
            continue
        if not is_signal or is_matched(y, phi, bosons):
            yield encode(event, slow_jet.constituents(j), pt, y, phi)


def generate(settings, is_signal):
    pythia = pythia8mc.Pythia("", False)
    for line in COMMON + settings:
        pythia.readString(line)
    if not pythia.init():
        raise SystemExit("Pythia did not start: see its message above")
    slow_jet = pythia8mc.SlowJet(ANTI_KT, RADIUS, PT_GEV[0], ETA_MAX, VISIBLE, REAL_MASSES)
    start, rows = time.time(), []
    while len(rows) < JETS_PER_CLASS:
        if pythia.next():
            rows.extend(jets_of(pythia.event, slow_jet, is_signal))
    rate = len(rows) / (time.time() - start)
    print("signal" if is_signal else "background", "jets/s: %.0f" % rate)
    return np.array(rows[:JETS_PER_CLASS])


def main():
    signal, background = generate(SIGNAL, True), generate(BACKGROUND, False)
    random, order, begin = np.random.RandomState(0), [], 0
    for size in PARTS.values():
        # Parts follow the order of events, so that both jets of an event stay in one part
        # (but for at most one event at each border).
        chosen = np.arange(begin, begin + size // 2)
        order.append(random.permutation(np.concatenate([chosen, JETS_PER_CLASS + chosen])))
        begin += size // 2
    order = np.concatenate(order)
    rows = np.concatenate([signal, background])[order]
    np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "jets.npz"),
                        pt=rows[:, 0].astype(np.uint8), dy=rows[:, 1].astype(np.int8),
                        dphi=rows[:, 2].astype(np.int8), is_w=(order < JETS_PER_CLASS))


if __name__ == "__main__":
    main()
