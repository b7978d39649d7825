import { statfsSync } from "node:fs";

/** File systems of a network, by the number the kernel gives them. */
const networks: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x517b: "SMB",
  0xff534d42: "CIFS",
  0xfe534d42: "SMB",
  0x01021997: "9P",
  0x5346414f: "AFS",
  0x00c36400: "Ceph",
  0x0bd00bd0: "Lustre",
  0x47504653: "GPFS",
  0x01161970: "GFS2",
  0x7461636f: "OCFS2",
};

/** The name of a network's file system by its number; `null` for a local or unknown one. */
export function networkName(type: number): string | null {
  return networks[type >>> 0] ?? null;
}

/** The network file system a path is on; `null` when it is local, or cannot be told. */
export function networkOf(path: string): string | null {
  try {
    return networkName(Number(statfsSync(path).type));
  } catch {
    return null;
  }
}
