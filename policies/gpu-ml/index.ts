import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "../engine/family";
import { RULES } from "./rules";

new PolicyPack("gpu-ml", { policies: policiesOf(RULES) });
