"""List what is installed beside the server, and under which licence: a table for an audit.

python examples/licences.py            # the models' licences are in the text at the end
"""

from importlib.metadata import Distribution, distribution, distributions


def licence(package: Distribution) -> str:
    """The licence that a package names, in whichever of three places it does."""
    metadata = package.metadata
    classifiers = metadata.get_all("Classifier") or []
    named = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License")]
    fields = ("License-Expression", "License")
    texts = [*(metadata[field] for field in fields if field in metadata), ", ".join(named)]
    found = next((text.strip() for text in texts if text.strip()), "not named")
    return found.partition("\n")[0]


for package in sorted(distributions(), key=lambda package: package.name.lower()):
    print(f"{package.name}\t{package.version}\t{licence(package)}")
print()
print(distribution("cartesia").read_text("licenses/NOTICE"))
