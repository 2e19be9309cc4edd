import { PolicyPack } from "@pulumi/policy";
import { ALL_RULES, policiesOf } from "mlstack/policies";
import { costCenter } from "./cost-center";

const critical = ALL_RULES.filter(({ severity }) => severity === "critical");

new PolicyPack("acme", { policies: policiesOf([...critical, costCenter]) });
