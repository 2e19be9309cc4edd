import { describe, expect, it } from "vitest";
import { literalCredential } from "../../../../policies/pod-security/practices/literal-credential";
import { job, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { refused, said, waiting, written } from "./said";

const CONTAINER = "spec.template.spec.containers[0]";

/** Put together here, so that nobody takes one for real. */
const GITHUB = `ghp_${"a1B2".repeat(9)}`;
const SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz";

function message(path: string, found: string, object = "Job ml/mnist"): string {
  return (
    `mandatory [POD-18] ${object}: ${path} is ${found}, written out; allowed: a reference to a Secret. ` +
    "Move it into a Secret and refer to that; then change it, as it could be read here."
  );
}

function variable(name: unknown, value: unknown): TestResource {
  return job({ env: [{ name, value }] });
}

/** What the message says is there, for a variable of such a name and value. */
function foundIn(name: string, value: unknown): string | undefined {
  const [text, ...others] = said(literalCredential, variable(name, value));
  expect(others).toEqual([]);
  return text === undefined ? undefined : /value is (.*), written out/.exec(text)?.[1];
}

describe("POD-18 credentials by their shape", () => {
  it.each([
    ["an AWS access key", `AKIA${"A2".repeat(8)}`],
    ["an AWS access key", `AKIAIOSFODNN7EXAMPLE AKIA${"A2".repeat(8)}`],
    ["an AWS access key", `ASIA${"A2".repeat(8)}`],
    ...["ghp", "gho", "ghu", "ghs", "ghr"].map((kind) => ["a token of GitHub", `${kind}_${"a1B2".repeat(9)}`]),
    ["a token of GitHub", `github_pat_${"a1_B".repeat(8)}`],
    ["a token of GitLab", `glpat-${"a1-B".repeat(5)}`],
    ["a token of Hugging Face", `hf_${"aB".repeat(17)}`],
    ["a token of Slack", `xoxb-${"12345-".repeat(4)}abc`],
    ["a token of Slack", ["https://hooks.slack.com/services", "T0A", "B0B", "abc123"].join("/")],
    ["an API key", `sk-${"a1".repeat(12)}`],
    ["an API key", `AIza${"a1-".repeat(11)}aa`],
    ["an API key", `nvapi-${"a1".repeat(12)}`],
    ["a JSON web token", `eyJ${"a1".repeat(6)}.eyJ${"b2".repeat(6)}.${"c3".repeat(6)}`],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["a URL with a password", "postgresql://app:s3cr3t@db.example:5432/features"],
    ["a URL with a password", "redis://:s3cr3t@cache.example"],
  ])("finds %s in %s, whatever it is called", (found, value) => {
    expect(foundIn("SETTING", value)).toBe(found);
  });

  it.each([
    ["the example of AWS", "AKIAIOSFODNN7EXAMPLE"],
    ["a shorter id", "AKIAIOSFODNN7"],
    ["part of a longer word", `XAKIA${"A2".repeat(8)}`],
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMIIB"],
    ["a URL with a user alone", "https://app@git.example/team/repo"],
    ["a URL with a port", "http://mlflow.ml:5000/#/experiments"],
    ["a URL with a variable as password", "postgresql://app:$(DB_PASSWORD)@db.example/features"],
    ["a URL with a placeholder as password", "postgresql://app:changeme@db.example/features"],
    ["nothing", ""],
  ])("lets pass %s", (_case, value) => {
    expect(foundIn("SETTING", value)).toBeUndefined();
  });
});

describe("POD-18 credentials by their name", () => {
  it.each([
    ...["DB_PASSWORD", "password", "dbPassword", "PGPASSWORD", "MYSQL_PASSWD", "ssh-passphrase"],
    ...["spring.datasource.password", "DB_PASS", "database.pass", "smtpPass", "MAIL_PASS", "REDIS_PASS", "MYSQL_PWD"],
    ...["postgres-pass", "USER_PASS", "ROOT_PWD", "adminPwd"],
  ])("finds a password in %s", (name) => {
    expect(foundIn(name, "hunter")).toBe("a password");
  });

  it.each([
    ...["HF_TOKEN", "token", "WANDB_API_KEY", "apiKey", "apikey", "AWS_SECRET_ACCESS_KEY", "fs.s3a.secret.key"],
    ...["PRIVATE_KEY", "fs.azure.account.key.lake.dfs.core.windows.net", "encryption-key", "signingKey"],
    ...["CLIENT_SECRET", "appSecret", "JWT_SECRET", "cookie-secret", "SESSION_SECRET"],
  ])("finds a key or token in %s", (name) => {
    expect(foundIn(name, SECRET_KEY)).toBe("a key or token");
  });

  it.each([
    ...["PASSWORD_FILE", "TOKEN_PATH", "SECRET_NAME", "existingSecret", "imagePullSecret", "passwordKey", "tokens"],
    ...[
      "AWS_ACCESS_KEY_ID",
      "PWD",
      "OLD_PWD",
      "SECOND_PASS",
      "MY_DB_PASS_COUNT",
      "KEY",
      "SORT_KEY",
      "MAX_TOKENS",
      "tokenizer",
      "SECRET",
      "PUBLIC_KEY",
    ],
  ])("takes %s for the name of something else", (name) => {
    expect(foundIn(name, SECRET_KEY)).toBeUndefined();
  });

  it.each([
    ...["", "  ", "$(OTHER)", "${OTHER}", "$OTHER", "{{ .Values.password }}", "<your password>"],
    ...["/run/secrets/db", "./password", "~/.password", "arn:aws:secretsmanager:eu-central-1:1:secret:db", "vault:db"],
    ...["ssm:/db", "op://vault/db", "file:///run/db", "secret:db", "secrets:db", "secretref:db"],
    ...["changeme", "change-me", "CHANGE_ME", "changeit", "example", "placeholder", "REDACTED", "dummy", "todo"],
    ...["none", "null", "true", "false", "on", "off", "yes", "no", "enabled", "disabled", "required"],
    ...["xxxx", "****", "your-password", "your password", "replace-me", "insert here", "password.example"],
  ])("takes %j for no password", (value) => {
    expect(foundIn("DB_PASSWORD", value)).toBeUndefined();
  });

  it.each([
    ["a word", "hub-token"],
    ["a special token of a model", "<s>"],
    ["a short one", "abc1234"],
    ["a number", "12345678"],
    ["words", "see the wiki page 12"],
  ])("takes %s for no token", (_case, value) => {
    expect(foundIn("EOS_TOKEN", value)).toBeUndefined();
  });

  it.each(["abcd1234", "c29tZS1zZWNyZXQ9"])("takes %s for a token, as it looks random", (value) => {
    expect(foundIn("EOS_TOKEN", value)).toBe("a key or token");
  });

  it("lets pass the names of its list", () => {
    const resource = variable("DB_PASSWORD", "hunter");

    expect(said(literalCredential, resource, { names: ["OTHER", "DB_PASSWORD"] })).toEqual([]);
    expect(said(literalCredential, resource, { names: ["PASSWORD"] })).toHaveLength(1);
    expect(refused(literalCredential, "names", "DB_PASSWORD")).toBe(true);
  });
});

describe("POD-18 the message", () => {
  it("names the place and what is there, and quotes no part of it", () => {
    const [text] = said(literalCredential, variable("DB_PASSWORD", GITHUB));

    expect(text).toBe(message(`${CONTAINER}.env[0].value`, "a token of GitHub"));
    for (let at = 4; at < GITHUB.length - 6; at++) expect(text).not.toContain(GITHUB.slice(at, at + 6));
  });
});

describe("POD-18 arguments and scripts", () => {
  it.each([
    [["--password=hunter"], "args[0]", "a password"],
    [["--password", "hunter"], "args[1]", "a password"],
    [["-token", SECRET_KEY], "args[1]", "a key or token"],
    [["serve", `--api-key=${SECRET_KEY}`], "args[1]", "a key or token"],
    [["DB_PASSWORD=hunter"], "args[0]", "a password"],
    [[GITHUB], "args[0]", "a token of GitHub"],
    [["--url", "redis://:s3cr3t@cache"], "args[1]", "a URL with a password"],
    [["-c", "export DB_PASSWORD='hunter'\npython train.py"], "args[1]", "a password"],
    [["-c", 'train(password="hunter")'], "args[1]", "a password"],
    [["-c", 'train(lr=1, password="hunter")'], "args[1]", "a password"],
    [["-c", "export DB_PASSWORD=hunter2 && run"], "args[1]", "a password"],
    [["-c", `curl -H "x: ${GITHUB}" https://api`], "args[1]", "a token of GitHub"],
    [["-c", `echo ${GITHUB} | login`], "args[1]", "a token of GitHub"],
  ])("in %j finds at %s %s", (args, at, found) => {
    const expected = found === undefined ? [] : [message(`${CONTAINER}.${at}`, found)];

    expect(said(literalCredential, job({ args }))).toEqual(expected);
  });

  it.each([
    [["--password-file=/run/db"]],
    [["--password-file", "hunter"]],
    [["--password=$(DB_PASSWORD)"]],
    [["--password", "$(DB_PASSWORD)"]],
    [["--password", "--verbose"]],
    [["password", "hunter"]],
    [["--token", "hub"]],
    [["-c", "password = getpass()\nconnect(password=password, token=tokens[0])"]],
    [["-c", 'export DB_PASSWORD="$(cat /run/db)"']],
    [["-c", "def f(password: str, retries=3): pass"]],
    [["-c", "mysql_native_password=ON run"]],
    [[1, null, { a: 1 }]],
  ])("lets %j pass", (args) => {
    expect(said(literalCredential, job({ args }))).toEqual([]);
  });

  it("reads the command like the arguments", () => {
    expect(said(literalCredential, job({ command: ["run", "--password=hunter"] }))).toEqual([
      message(`${CONTAINER}.command[1]`, "a password"),
    ]);
  });
});

describe("POD-18 further places", () => {
  it("reads the values of a ConfigMap, as values and as files", () => {
    const configMap = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: ml }
data:
  mode: fast
  password: hunter
  api.key: ${SECRET_KEY}
  app.properties: |
    db.user=app
    db.password=hunter2
  app.json: |
    { "password": "hunter", "retries": 3 }
  notes.md: |
    The password: see the wiki
`;

    expect(said(literalCredential, configMap)).toEqual([
      message("data.password", "a password", "ConfigMap ml/settings"),
      message('data["api.key"]', "a key or token", "ConfigMap ml/settings"),
      message('data["app.properties"]', "a password", "ConfigMap ml/settings"),
      message('data["app.json"]', "a password", "ConfigMap ml/settings"),
    ]);
  });

  it("leaves Secrets alone, which are the place for them", () => {
    expect(said(literalCredential, "apiVersion: v1\nkind: Secret\nstringData: { password: hunter }")).toEqual([]);
  });

  it.each([
    ["SparkApplication", "spec", "spec: "],
    ["SparkConnect", "spec", "spec: "],
    ["ScheduledSparkApplication", "spec.template", "spec:\n  template: "],
  ])("reads the settings, variables and arguments of a %s", (kind, path, before) => {
    const application = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: ${kind}
metadata: { name: etl }
${before}{ sparkConf: { spark.hadoop.fs.s3a.secret.key: "${SECRET_KEY}", spark.app.name: etl }, hadoopConf: { fs.s3a.secret.key: "${SECRET_KEY}" }, driver: { envVars: { DB_PASSWORD: hunter } }, executor: { envVars: { DB_PASSWORD: hunter } }, arguments: [--password, hunter] }
`;
    const object = `${kind} etl`;

    expect(said(literalCredential, application)).toEqual([
      message(`${path}.sparkConf["spark.hadoop.fs.s3a.secret.key"]`, "a key or token", object),
      message(`${path}.hadoopConf["fs.s3a.secret.key"]`, "a key or token", object),
      message(`${path}.driver.envVars.DB_PASSWORD`, "a password", object),
      message(`${path}.executor.envVars.DB_PASSWORD`, "a password", object),
      message(`${path}.arguments[1]`, "a password", object),
    ]);
  });

  it("reads the parameters, variables and scripts of workflows", () => {
    const workflow = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: retrain }
spec:
  entrypoint: main
  arguments: { parameters: [{ name: db-password, value: hunter }, { name: rate, value: "1" }] }
  templates:
    - name: main
      script:
        image: registry.example/retrain:1.4
        source: |
          password = "hunter"
        args: ["--password={{inputs.parameters.password}}"]
        env:
          - { name: DB_PASSWORD, value: "{{workflow.parameters.db-password}}" }
          - { name: API_KEY, value: "${SECRET_KEY}" }
          - { name: GIT, value: "https://app:{{workflow.parameters.x}}@git.example ${GITHUB}" }
`;
    const at = "spec.templates[0].script";

    expect(said(literalCredential, workflow)).toEqual([
      message(`${at}.env[1].value`, "a key or token", "Workflow retrain"),
      message(`${at}.env[2].value`, "a token of GitHub", "Workflow retrain"),
      message(`${at}.source`, "a password", "Workflow retrain"),
      message("spec.arguments.parameters[0].value", "a password", "Workflow retrain"),
    ]);
  });

  it("reads the objects that a workflow writes as text", () => {
    const workflow = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: retrain }
spec:
  entrypoint: main
  templates:
    - name: main
      resource:
        action: create
        manifest: |
          apiVersion: v1
          kind: Pod
          spec: { containers: [{ name: main, env: [{ name: DB_PASSWORD, value: hunter }, { name: A, value: "{{b}}" }] }] }
`;

    expect(said(literalCredential, workflow)).toEqual([
      message("spec.templates[0].resource.manifest#spec.containers[0].env[0].value", "a password", "Workflow retrain"),
    ]);
  });

  it("reads the parameters of a CronWorkflow", () => {
    const workflow = `
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: { name: retrain }
spec: { workflowSpec: { arguments: { parameters: [{ name: password, value: hunter }] } } }
`;

    expect(said(literalCredential, workflow)).toEqual([
      message("spec.workflowSpec.arguments.parameters[0].value", "a password", "CronWorkflow retrain"),
    ]);
  });

  it("reads the variables of a TrainJob and of what loads its data and model", () => {
    const trainJob = `
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: { name: bert }
spec:
  trainer: { env: [{ name: DB_PASSWORD, value: hunter }] }
  initializer:
    dataset: { env: [{ name: API_KEY, value: "${SECRET_KEY}" }] }
    model: { env: [{ name: HF_TOKEN, value: "hf_${"aB".repeat(17)}" }] }
`;

    expect(said(literalCredential, trainJob)).toEqual([
      message("spec.trainer.env[0].value", "a password", "TrainJob bert"),
      message("spec.initializer.dataset.env[0].value", "a key or token", "TrainJob bert"),
      message("spec.initializer.model.env[0].value", "a token of Hugging Face", "TrainJob bert"),
    ]);
  });

  it.each(["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"])("reads the values of a %s", (type) => {
    const values = {
      mode: "fast",
      auth: { password: "hunter", existingSecret: "db", "root.password": 12345 },
      users: [{ accessKey: "app", secretKey: "console123" }],
      env: [{ name: "DB_PASSWORD", value: "hunter" }, { value: "x" }],
      config: "db:\n  password: hunter2\n",
      passwords: { password: ["hunter"] },
    };
    const object = `${type.endsWith("Chart") ? "Chart" : "Release"} store`;

    expect(said(literalCredential, { type, name: "store", props: { values } })).toEqual([
      message("values.auth.password", "a password", object),
      message('values.auth["root.password"]', "a password", object),
      message("values.users[0].secretKey", "a key or token", object),
      message("values.env[0].value", "a password", object),
      message("values.config", "a password", object),
      message("values.passwords.password[0]", "a password", object),
    ]);
  });

  it("reads values of charts alone", () => {
    const props = { values: { password: "hunter" } };

    expect(said(literalCredential, { type: "aws:rds/instance:Instance", props })).toEqual([]);
  });

  it("reads values however deep, within reason", () => {
    const nested = (depth: number): object => {
      if (depth === 0) return { password: "hunter" };
      return depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };
    };
    const release = (depth: number) => ({ type: "kubernetes:helm.sh/v3:Release", props: { values: nested(depth) } });

    expect(said(literalCredential, release(39))).toHaveLength(1);
    expect(said(literalCredential, release(40))).toEqual([]);
    expect(said(literalCredential, release(2000))).toEqual([]);
  });
});

describe("POD-18 what is not known yet", () => {
  it.each([
    ["the value of a variable for a password", variable("DB_PASSWORD", UNKNOWN_STRING), "env[0].value"],
    ["the value of a variable for a token", variable("HF_TOKEN", UNKNOWN_STRING), "env[0].value"],
    ["the name of a variable", variable(UNKNOWN_STRING, "hunter"), "env[0].value"],
    ["both", variable(UNKNOWN_STRING, UNKNOWN_STRING), "env[0].value"],
    ["the variables", job({ env: UNKNOWN_STRING }), "env"],
    ["the arguments", job({ args: UNKNOWN_STRING }), "args"],
    ["the argument after a flag for a password", job({ args: ["--password", UNKNOWN_STRING] }), "args[1]"],
  ])("waits for %s", (_case, resource, path) => {
    expect(said(literalCredential, resource)).toEqual([
      waiting(literalCredential, "Job ml/mnist", `${CONTAINER}.${path}`),
    ]);
  });

  it.each([
    ["a value under another name", variable("BUCKET", UNKNOWN_STRING)],
    ["the name of what is no credential", variable(UNKNOWN_STRING, "/data")],
    ["the name of what is no text", variable(UNKNOWN_STRING, null)],
    ["the name of an object", variable(UNKNOWN_STRING, { a: 1 })],
    [
      "a value of a chart without a name",
      { type: "kubernetes:helm.sh/v3:Release", props: { values: { env: [{ value: UNKNOWN_STRING }] } } },
    ],
    ["an argument after another flag", job({ args: ["--bucket", UNKNOWN_STRING] })],
    ["the first argument", job({ args: [UNKNOWN_STRING] })],
    ["an argument after one that is not known", job({ args: [UNKNOWN_STRING, UNKNOWN_STRING] })],
    ["an argument, for one after it that is no credential", job({ args: [UNKNOWN_STRING, "train"] })],
  ])("waits not for %s", (_case, resource) => {
    expect(said(literalCredential, resource)).toEqual([]);
  });

  it("finds a shape under a name that is not known", () => {
    expect(said(literalCredential, variable(UNKNOWN_STRING, GITHUB))).toEqual([
      message(`${CONTAINER}.env[0].value`, "a token of GitHub"),
    ]);
  });

  it("waits for containers, maps and lists", () => {
    const spark = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl }
spec: { sparkConf: "${UNKNOWN_STRING}" }
`;
    const configMap = `{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: "${UNKNOWN_STRING}" }`;

    expect(said(literalCredential, job({}, { containers: UNKNOWN_STRING }))).toEqual([
      waiting(literalCredential, "Job ml/mnist", "spec.template.spec.containers"),
    ]);
    expect(said(literalCredential, spark)).toEqual([
      waiting(literalCredential, "SparkApplication etl", "spec.sparkConf"),
    ]);
    expect(said(literalCredential, configMap)).toEqual([waiting(literalCredential, "ConfigMap a", "data")]);
  });

  it("never fails, whatever stands there", () => {
    const odd = written(`
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: 4
spec: { arguments: { parameters: [4, null, [1]] }, templates: [{ name: 1, container: { env: { a: 1 }, args: 4 } }] }
`);

    expect(said(literalCredential, odd[0]!)).toEqual([]);
  });
});
