/** StorageClass that claims on EKS get which name none. */
export const DEFAULT_STORAGE_CLASS = "gp3";
