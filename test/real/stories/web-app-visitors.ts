/** Hours that predictors are asked for. */
const HOURS = `[{"day": "2026-05-04", "hour": hour, "district": district, "temperature": 14, "rain": 0}
  for district in ("center", "harbor", "west") for hour in (3, 8, 17)]`;

const ASK = `
import json, sys, time, urllib.request
hours = ${HOURS}
def ask(url, hours):
    request = urllib.request.Request(url + "/predict", json.dumps({"hours": hours}).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)
`;

/**
 * Asks a predictor once, and predicts the same by the estimator of that version on the volume.
 * Arguments: the predictor's address, the folder of estimators, the version of the code.
 */
export const ASK_ONCE = `${ASK}
from datetime import date
from pathlib import Path
from demand.rides import Hour
from demand.store import EstimatorStore
url, folder, code = sys.argv[1:]
answer = ask(url, hours)
store = EstimatorStore(Path(folder), code)
newest = store.newest()
known = [Hour(date.fromisoformat(each["day"]), each["hour"], each["district"], each["temperature"], each["rain"]) for each in hours]
predicted = [round(float(count), 3) for count in store.load(newest).predict(known)]
print(json.dumps({"answer": answer, "newest": newest.name, "predicted": predicted, "lineage": newest.lineage}))
`;

/** What {@link ASK_ONCE} prints. */
export interface Comparison {
  answer: { version: string; rides: number[] };
  newest: string;
  predicted: number[];
  lineage: { error: number; code: string; districts?: object };
}

/**
 * Asks a predictor all the time until a file is there, and counts what is not answered.
 * Arguments: the predictor's address, the path of the file.
 */
export const ASK_ALWAYS = `${ASK}
from pathlib import Path
url, stop = sys.argv[1], Path(sys.argv[2])
answered, failures, versions = 0, [], []
print("asking", flush=True)
while not stop.exists():
    try:
        version = ask(url, hours)["version"]
        answered += 1
        if version not in versions:
            versions.append(version)
            print("version", version, flush=True)
    except Exception as error:
        failures.append(repr(error))
    time.sleep(0.05)
print(json.dumps({"answered": answered, "failures": failures, "versions": versions}))
`;

/** What {@link ASK_ALWAYS} prints at its end. */
export interface Asked {
  answered: number;
  failures: string[];
  versions: string[];
}

/** Has a predictor work for some seconds. Arguments: its address, the seconds. */
export const KEEP_BUSY = `${ASK}
url, until = sys.argv[1], time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    ask(url, hours * 100)
`;
