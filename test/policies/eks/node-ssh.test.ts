import { describe, expect, it } from "vitest";
import { nodeSsh } from "../../../policies/eks/node-ssh";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

describe("EKS-05 SSH to nodes", () => {
  it.each([
    ["no remote access", nodeGroup({})],
    ["no key", nodeGroup({ remoteAccess: {} })],
    ["an empty key", nodeGroup({ remoteAccess: { ec2SshKey: "" } })],
    ["a key that is no text", nodeGroup({ remoteAccess: { ec2SshKey: 1 } })],
    [
      "a key beside a security group",
      nodeGroup({ remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: ["sg-1"] } }),
    ],
    [
      "a key beside a security group not known yet",
      nodeGroup({ remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: [UNKNOWN_STRING] } }),
    ],
    ["no key, whatever the sources are", nodeGroup({ remoteAccess: { sourceSecurityGroupIds: UNKNOWN_STRING } })],
    ["a resource of another type", cluster({ remoteAccess: { ec2SshKey: "ops" } })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([nodeSsh], resource)).toEqual([]);
  });

  it.each([
    ["a key alone", { ec2SshKey: "ops" }],
    ["an empty list of sources", { ec2SshKey: "ops", sourceSecurityGroupIds: [] }],
    ["sources that are no list", { ec2SshKey: "ops", sourceSecurityGroupIds: "sg-1" }],
  ])("refuses %s", (_case, remoteAccess) => {
    expect(lines(analyze([nodeSsh], nodeGroup({ remoteAccess })))).toEqual([
      "mandatory [EKS-05] NodeGroup system: remoteAccess.sourceSecurityGroupIds is empty, which opens port 22 to " +
        "0.0.0.0/0; allowed: at least one security group beside an ec2SshKey. " +
        "Name the security groups to log in from, or remove remoteAccess.",
    ]);
  });

  it.each([
    ["the key", { ec2SshKey: UNKNOWN_STRING }, "ec2SshKey"],
    ["the sources", { ec2SshKey: "ops", sourceSecurityGroupIds: UNKNOWN_STRING }, "sourceSecurityGroupIds"],
    ["all of it", UNKNOWN_STRING, "ec2SshKey"],
  ])("leaves it to the update while %s is not known", (_case, remoteAccess, field) => {
    expect(lines(analyze([nodeSsh], nodeGroup({ remoteAccess })))).toEqual([
      notKnown("NodeGroup system", `remoteAccess.${field}`, nodeSsh),
    ]);
  });
});
