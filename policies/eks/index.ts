import { PolicyPack } from "@pulumi/policy";
import { keepCompiledCode } from "../engine/compiled-code";
import { policiesOf } from "../engine/family";
import { RULES } from "./rules";

new PolicyPack("eks", { policies: policiesOf(RULES) });
keepCompiledCode();
