-- A completed upload is remembered for a while, so that asking again is answered as before.
ALTER TABLE "multipart_uploads" ADD COLUMN "completed_at" TIMESTAMPTZ(3);
-- What removes content that nobody names asks for parts by their content.
CREATE INDEX "uploaded_parts_digest_idx" ON "uploaded_parts"("digest");
