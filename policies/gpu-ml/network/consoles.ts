import { isUnknown, UNKNOWN, type Tree, type Unknown } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import type { Violation } from "../../engine/rule";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { isLike } from "../names";

/** A web console of the platform, by which whoever reaches it runs code, reads data or spends GPUs. */
export interface Console {
  /** How messages call it. */
  name: string;
  /** Whether it asks for a login of its own, so that it only wants TLS before it. */
  hasLogin: boolean;
}

/** What a console is known by; all that is given must fit. */
interface Mark {
  /** Names of Services. */
  services?: readonly string[];
  ports?: readonly number[];
}

const MARKS: readonly [Console, ...Mark[]][] = [
  [
    { name: "the Argo server", hasLogin: true },
    { services: ["argo-server", "argo-workflows-server", "*-argo-workflows-server"] },
    { ports: [2746] },
  ],
  [
    { name: "the console of MinIO", hasLogin: true },
    { services: ["minio-console", "*-minio-console"] },
    { services: ["minio", "minio-*", "*-minio"], ports: [9001] },
  ],
  [{ name: "Jupyter", hasLogin: false }, { services: ["jupyter", "jupyter-*", "*-jupyter", "*-notebook"] }],
  [
    { name: "the web UI of Spark", hasLogin: false },
    { services: ["*-ui-svc", "spark-history-server", "*-spark-history-server"] },
    { ports: [4040, 18080] },
  ],
  [{ name: "the dashboard of Ray", hasLogin: false }, { ports: [8265] }],
  [
    { name: "a console of Kubeflow", hasLogin: false },
    {
      services: [
        "centraldashboard",
        "katib-ui",
        "kserve-models-web-app",
        "ml-pipeline-ui",
        "model-registry-ui-service",
        "tensorboards-web-app-service",
        "volumes-web-app-service",
      ],
    },
  ],
  [{ name: "the dashboard of Kueue", hasLogin: false }, { services: ["*kueueviz-backend", "*kueueviz-frontend"] }],
  [{ name: "TensorBoard", hasLogin: false }, { services: ["tensorboard", "*-tensorboard"] }, { ports: [6006] }],
  [{ name: "MLflow", hasLogin: false }, { services: ["mlflow", "mlflow-*", "*-mlflow"] }],
];

/** Objects that may lead to consoles, shared by the rules of NET-06. */
export const PUBLIC_CONSOLES = patternList(
  "a list of the Services, Ingresses, routes and workloads that may make a console public, by name or as namespace/name",
  [],
);

/**
 * The console behind a Service, told by its name and ports; undefined where it is none, unknown where it may be one.
 *
 * The API of MinIO and the serving port of Ray are no consoles.
 *
 * @see https://hub.armosec.io/docs/c-0021 "Exposed sensitive interfaces"
 */
export function consoleOf(service: Tree, ports: Tree[]): Console | undefined | Unknown {
  const fits = MARKS.map(([console, ...marks]) => ({
    console,
    fits: anyOf(marks.map((mark) => has(mark, service, ports))),
  }));
  const found = fits.find((one) => one.fits === true)?.console;
  return found ?? (fits.some((one) => isUnknown(one.fits)) ? UNKNOWN : undefined);
}

/** What is wrong with a public way to a console; what was found follows the words before. */
export function describeExposure({ name, hasLogin }: Console, before = ""): Omit<Violation, "path"> {
  return hasLogin
    ? {
        observed: `${before}${name}, whose login is public without TLS`,
        allowed: "an internal way to it, or one with TLS",
        remedy: "Make it internal, or serve it over TLS.",
      }
    : {
        observed: `${before}${name}, which is public without a login`,
        allowed: "an internal way to it, or one with a login before it",
        remedy: "Make it internal, or put a login before it, for example by OpenID Connect.",
      };
}

function has({ services, ports }: Mark, service: Tree, given: Tree[]): Truth {
  return allOf([
    services === undefined || isLike(service, services),
    ports === undefined || anyOf(given.map((port) => isOneOf(port, ...ports))),
  ]);
}
