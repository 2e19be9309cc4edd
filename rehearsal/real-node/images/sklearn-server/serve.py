"""Serves a model of scikit-learn by KServe's protocols, version 1 and 2: what predictors of the format sklearn run.

Upstream's program of this image is in no package; this one takes the same arguments and answers the same requests. Models
are pickles, so that whoever may write the folder may run code here, as with upstream's.
"""

import argparse
import os
import pathlib

import joblib
import kserve
from kserve.errors import InferenceError, ModelMissingError
from kserve.utils.utils import get_predict_input, get_predict_response

SUFFIXES = (".joblib", ".pkl", ".pickle")


class SklearnModel(kserve.Model):
    """The one model of a folder, by its file."""

    def __init__(self, name: str, folder: str):
        super().__init__(name)
        self.folder = pathlib.Path(folder)
        self.model = None

    def load(self) -> bool:
        files = [file for file in sorted(self.folder.iterdir()) if file.is_file() and file.suffix in SUFFIXES]
        if not files:
            raise ModelMissingError(self.folder)
        if len(files) > 1:
            raise RuntimeError(f"one model is served, and {self.folder} has {', '.join(file.name for file in files)}")
        self.model = joblib.load(files[0])
        self.ready = True
        return self.ready

    def predict(self, payload, headers=None, response_headers=None):
        try:
            rows = get_predict_input(payload)
            wants_chances = os.environ.get("PREDICT_PROBA", "false").lower() == "true"
            if wants_chances and hasattr(self.model, "predict_proba"):
                result = self.model.predict_proba(rows)
            else:
                result = self.model.predict(rows)
            return get_predict_response(payload, result, self.name)
        except Exception as error:
            raise InferenceError(str(error)) from error


def main() -> None:
    parser = argparse.ArgumentParser(parents=[kserve.model_server.parser])
    parser.add_argument("--model_dir", required=True, help="folder with the file of the model")
    arguments, _ = parser.parse_known_args()
    model = SklearnModel(arguments.model_name, arguments.model_dir)
    model.load()
    kserve.ModelServer().start([model])


if __name__ == "__main__":
    main()
