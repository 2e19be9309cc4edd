import { stringAt, type Tree } from "../../../components/model";

/** Credentials that programs come with, or that tutorials and templates show. */
const WELL_KNOWN = new Set([
  "12341234",
  "123456",
  "12345678",
  "123456789",
  "admin",
  "admin123",
  "administrator",
  "change-me",
  "change_me",
  "changeit",
  "changeme",
  "console123",
  "default",
  "guest",
  "kubeflow",
  "letmein",
  "minio",
  "minio123",
  "minioadmin",
  "mlpipeline",
  "mysql",
  "passw0rd",
  "password",
  "password1",
  "password123",
  "postgres",
  "prom-operator",
  "qwerty",
  "root",
  "secret",
  "test",
  "test123",
  "test1234",
  "toor",
]);

/** Whether a credential is one that anybody would try first. */
export function isWellKnown(value: Tree): boolean {
  const text = typeof value === "number" ? String(value) : stringAt({ value }, "value");
  return text !== undefined && WELL_KNOWN.has(text.trim().toLowerCase());
}
