-- Datasets get versions. The table that stood here before was never written to.
DROP TABLE "datasets";

-- CreateTable
CREATE TABLE "datasets" (
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "last_version" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "dataset_versions" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "dataset_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "file_name" TEXT NOT NULL,
    "form" JSONB NOT NULL,
    "form_digest" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "columns" INTEGER NOT NULL,
    "profile" JSONB NOT NULL,
    "warnings" JSONB NOT NULL,
    "data_origin" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_versions_pkey" PRIMARY KEY ("dataset_name","version")
);

-- CreateTable
CREATE TABLE "dataset_definitions" (
    "dataset_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_definitions_pkey" PRIMARY KEY ("dataset_name","version","revision")
);

-- CreateTable
CREATE TABLE "dataset_expectations" (
    "dataset_name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "suite" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_expectations_pkey" PRIMARY KEY ("dataset_name","revision")
);

-- CreateIndex
CREATE UNIQUE INDEX "datasets_id_key" ON "datasets"("id");

-- CreateIndex
CREATE INDEX "datasets_created_at_id_idx" ON "datasets"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_versions_id_key" ON "dataset_versions"("id");

-- CreateIndex
CREATE INDEX "dataset_versions_dataset_name_created_at_id_idx" ON "dataset_versions"("dataset_name", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_versions_dataset_name_digest_form_digest_key" ON "dataset_versions"("dataset_name", "digest", "form_digest");

-- AddForeignKey
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_dataset_name_fkey" FOREIGN KEY ("dataset_name") REFERENCES "datasets"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_definitions" ADD CONSTRAINT "dataset_definitions_dataset_name_version_fkey" FOREIGN KEY ("dataset_name", "version") REFERENCES "dataset_versions"("dataset_name", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_expectations" ADD CONSTRAINT "dataset_expectations_dataset_name_fkey" FOREIGN KEY ("dataset_name") REFERENCES "datasets"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "dataset_versions"
  ADD CONSTRAINT "dataset_versions_count_from_1" CHECK ("version" >= 1),
  ADD CONSTRAINT "dataset_versions_digests_are_sha256" CHECK ("digest" ~ '^[0-9a-f]{64}$' AND "form_digest" ~ '^[0-9a-f]{64}$');
ALTER TABLE "dataset_definitions" ADD CONSTRAINT "dataset_definitions_revisions_count_from_1" CHECK ("revision" >= 1);
ALTER TABLE "dataset_expectations" ADD CONSTRAINT "dataset_expectations_revisions_count_from_1" CHECK ("revision" >= 1);
