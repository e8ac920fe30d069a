// What an object store really holds: SeaweedFS's own directory, beside the S3 door through which it came.
interface Listing {
  readonly Entries: readonly { readonly FullPath: string; readonly Mode: number }[] | null;
}

/** The bit of Go's file modes that says folder. */
const FOLDER = 2 ** 31;

/** Paths of all objects of the bucket, below it. */
export async function bucketFiles(filer: string, bucket: string): Promise<string[]> {
  const root = `/buckets/${bucket}`;
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const answer = await fetch(`${filer}${folder}/?limit=10000`, { headers: { accept: 'application/json' } });
    if (answer.status === 404) continue;
    if (!answer.ok) throw new Error(`${folder}: SeaweedFS answers ${answer.status}: ${await answer.text()}`);
    for (const { FullPath, Mode } of ((await answer.json()) as Listing).Entries ?? [])
      if (Mode >= FOLDER) folders.push(FullPath);
      else found.push(FullPath.slice(root.length + 1));
  }
  return found.sort();
}
