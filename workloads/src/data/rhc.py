"""Prints five columns of the table `rhc` of the package SurvSet as CSV, with nothing but Python's standard library.

usage: python3 rhc.py WHEEL-FOLDER

The table is a pickled pandas DataFrame. Reading it needs neither pandas nor numpy: every class that the pickle names is
replaced by a record of what it was given (so the pickle can run no code), and the few shapes that occur are read from
these records.
"""

import array
import pickle
import sys


class Record:
    """What a class of the pickle was given."""

    def __new__(cls, *arguments):
        record = object.__new__(cls)
        record.arguments = arguments
        return record

    def __init__(self, *arguments):
        pass

    def __setstate__(self, state):
        self.state = state


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        return slice if (module, name) == ("builtins", "slice") else type(name, (Record,), {})


def numbers(buffer):
    """A numpy array: the list of its items, in memory order, and its shape."""
    raw, kind, shape, order = buffer.arguments
    assert order == "C" and sys.byteorder == "little"
    code = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "f8": "d"}[kind.arguments[0]]
    return list(array.array(code, bytes(raw))), shape


def labels(index):
    """A pandas Index: the list of its labels."""
    data = index.arguments[1]["data"]
    if type(data).__name__ == "_frombuffer":
        return numbers(data)[0]
    return list(data.state[4])


def columns(frame):
    """The columns of a DataFrame by name."""
    blocks, (names, _) = frame.state["_mgr"].arguments
    names = labels(names)
    table = {}
    for block in blocks:
        values, place, _ = block.arguments
        if isinstance(place, slice):
            place = range(place.start, place.stop, place.step or 1)
        else:
            place = numbers(place)[0]
        if hasattr(values, "state"):
            kind, codes = values.state[0], values.state[1]
            categories = labels(kind.state["categories"])
            table[names[place[0]]] = [categories[code] for code in numbers(codes)[0]]
        else:
            items, (_, rows) = numbers(values)
            for row, column in enumerate(place):
                table[names[column]] = items[row * rows : (row + 1) * rows]
    return table


def main():
    with open(sys.argv[1] + "/SurvSet/resources/pickles/rhc.pickle", "rb") as file:
        table = columns(Unpickler(file).load())
    print("age,sex,procedure,event,time")
    wanted = ("num_age", "fac_sex", "fac_swang1", "event", "time")
    for age, sex, procedure, event, time in zip(*(table[name] for name in wanted), strict=True):
        print(f"{age:.3f},{sex},{procedure},{event},{time}")


main()
