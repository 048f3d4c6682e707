using System.Buffers.Binary;
using Mammo.Archive.Sorting;
using Mammo.Archive.Worklists;

namespace Mammo.Archive.Shards;

/// <summary>
/// What is left to do of a shard: the worklist's images less those that have a result. Two external sorts, so that memory does not grow with the list.
/// </summary>
internal sealed class ShardPlan : IDisposable
{
    // Its items are small: 300,000 of them, or 500,000 places in the list.
    private const int SortMemory = 16 << 20;

    private readonly string _worklist;
    private readonly ExternalSort _places;

    private ShardPlan(string worklist, ExternalSort places) => (_worklist, _places) = (worklist, places);

    /// <summary>Images of the shard.</summary>
    public long Images { get; private set; }

    /// <summary>Lines of the worklist whose image an earlier line has.</summary>
    public long Copies { get; private set; }

    /// <summary>Images without a result.</summary>
    public long Left => _places.Count;

    /// <summary>Lines of result files that are damaged.</summary>
    public long DamagedLines { get; private set; }

    /// <summary>Files that hold results of the shard.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Makes the plan.</summary>
    /// <param name="worklist">The list.</param>
    /// <param name="shard">The share.</param>
    /// <param name="files">Result files that may hold its images.</param>
    /// <param name="run">The run that they must be of.</param>
    /// <param name="retryRefused">Refused images are scored again.</param>
    /// <param name="scratch">Folder for scratch files.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <param name="memory">Bytes that each of the two sorts may hold.</param>
    /// <exception cref="MammoException">Those of reading the worklist and the result files.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ShardPlan Of(
        string worklist, Shard shard, IEnumerable<ResultFile> files, RunDescription run, bool retryRefused, string scratch, CancellationToken cancellation,
        int memory = SortMemory)
    {
        using var images = new ExternalSort(scratch, memory);
        var plan = new ShardPlan(worklist, new ExternalSort(scratch, memory));
        try
        {
            plan.AddWorklist(images, shard, cancellation);
            foreach (var file in files)
                plan.AddResults(images, shard, file, run, retryRefused, cancellation);
            plan.Subtract(images, cancellation);
            return plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    /// <summary>The images without a result, in the order of the worklist; once.</summary>
    public IEnumerable<WorkItem> ToDo()
    {
        using var places = _places.Sorted().GetEnumerator();
        using var list = new WorklistReader(_worklist);
        while (places.MoveNext())
        {
            var place = BinaryPrimitives.ReadInt64BigEndian(places.Current.Key.Span);
            while (list.Read() && list.Offset < place)
            {
            }

            yield return list.Item();
        }
    }

    public void Dispose() => _places.Dispose();

    private void AddWorklist(ExternalSort images, Shard shard, CancellationToken cancellation)
    {
        using var list = new WorklistReader(_worklist);
        Span<byte> key = stackalloc byte[IdentityKey.Length];
        Span<byte> place = stackalloc byte[sizeof(long)];
        while (list.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            IdentityKey.Of(list.Identity, key);
            if (!shard.Contains(key))
                continue;
            BinaryPrimitives.WriteInt64BigEndian(place, list.Offset);
            images.Add(key, place);
        }
    }

    // Before all lines of the worklist with the same key.
    private void AddResults(ExternalSort images, Shard shard, ResultFile file, RunDescription run, bool retryRefused, CancellationToken cancellation)
    {
        var isUsed = false;
        var (damaged, _) = file.Read(run, line =>
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> key = stackalloc byte[IdentityKey.Length];
            IdentityKey.Of(ResultLines.IdentityOf(line, out var isRefused), key);
            if (!shard.Contains(key))
                return;
            isUsed = true;
            if (!(isRefused && retryRefused))
                images.Add(key, []);
        });
        DamagedLines += damaged;
        if (isUsed)
            Files.Add(file.Path);
    }

    private void Subtract(ExternalSort images, CancellationToken cancellation)
    {
        var last = new byte[IdentityKey.Length];
        var (isFirst, isDone, isListed) = (true, false, false);
        foreach (var item in images.Sorted())
        {
            cancellation.ThrowIfCancellationRequested();
            if (isFirst || !item.Key.Span.SequenceEqual(last))
            {
                item.Key.Span.CopyTo(last);
                (isFirst, isDone, isListed) = (false, false, false);
            }

            if (item.Content.IsEmpty)
            {
                isDone = true;
                continue;
            }

            if (isListed)
            {
                Copies++;
                continue;
            }

            isListed = true;
            Images++;
            if (!isDone)
                _places.Add(item.Content.Span, []);
        }
    }
}
