"""Reads a folder of `goldilane vectors`, Python's standard library alone: `python3 read_vectors.py DIR`."""
import array, hashlib, json, pathlib, sys

TYPES = {16: "H", 32: "I", 64: "Q"}


def read(folder):
    """The description, with the words of every file in the entry's place `data` (an array of integers)."""
    folder = pathlib.Path(folder)
    description = json.loads((folder / "description.json").read_text())
    entries = [description["bsk"], description["ksk"], *description["luts"]]
    for ciphertext in description["ciphertexts"]:
        entries += ciphertext["stages"]
    for entry in entries:
        raw = (folder / entry["file"]).read_bytes()
        if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
            sys.exit(f"difference: SHA-256 of {entry['file']}")
        entry["data"] = array.array(TYPES[entry["word_bits"]], raw)
        if sys.byteorder == "big":
            entry["data"].byteswap()
    return description


if __name__ == "__main__":
    vectors = read(sys.argv[1])
    print(vectors["set"], vectors["parameters"])
    for index, ciphertext in enumerate(vectors["ciphertexts"]):
        for stage in ciphertext["stages"]:
            print(f"ciphertext {index} {stage['stage']:16} {len(stage['data']):5} words, first {stage['data'][0]:#x}")
