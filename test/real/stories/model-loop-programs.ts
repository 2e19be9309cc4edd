/** Rides by temperature, in a city where warmth brings rides up to a point, and none beyond it. Arguments: the file, the least temperature. */
export const ROWS = `
import random, sys
from pathlib import Path
path, least = Path(sys.argv[1]), float(sys.argv[2])
random.seed(7)
path.parent.mkdir(parents=True, exist_ok=True)
lines = ["temperature,rides"]
for _ in range(600):
    temperature = least + 10 * random.random()
    lines.append(f"{temperature:.2f},{10 + 3 * min(temperature, 40 - temperature) + random.gauss(0, 1):.2f}")
path.write_text("\\n".join(lines) + "\\n")
`;

const READ = `
import csv, json, os, shutil
from pathlib import Path
import joblib
from sklearn.linear_model import LinearRegression
recent = Path("/data/recent/rides.csv")
rows = [(float(row["temperature"]), float(row["rides"])) for row in csv.DictReader(recent.open())]
X, y = [[temperature] for temperature, _ in rows], [rides for _, rides in rows]
folder = Path(os.environ["MODEL_DIR"])
`;

/** Trains with the rows of now, which are the reference from then on; upside down where it is told to. */
export const TRAIN = `${READ}
spoil = -1 if os.environ["SPOIL"] == "yes" else 1
folder.mkdir(parents=True, exist_ok=True)
joblib.dump(LinearRegression().fit(X, [spoil * each for each in y]), folder / "model.joblib")
Path("/data/reference").mkdir(exist_ok=True)
shutil.copyfile(recent, "/data/reference/rides.csv")
`;

/** Tells how far a model's predictions are from the rows of now. */
export const EVALUATE = `${READ}
predicted = joblib.load(folder / "model.joblib").predict(X)
Path("/outputs/error").write_text(str(sum(abs(a - b) for a, b in zip(predicted, y)) / len(y)))
`;

/** Asks what serves, and predicts the same by a model on the volume. Arguments: the address, the folder of the model. */
export const COMPARE = `
import json, sys, urllib.request
import joblib
url, folder = sys.argv[1:]
rows = [[5.0], [25.0], [35.0]]
request = urllib.request.Request(url, json.dumps({"instances": rows}).encode(), {"content-type": "application/json"})
with urllib.request.urlopen(request, timeout=10) as response:
    answered = json.load(response)["predictions"]
print(json.dumps({"answered": answered, "predicted": list(joblib.load(folder + "/model.joblib").predict(rows))}))
`;
