using System.Buffers.Binary;

namespace Mammo.Archive.Sorting;

/// <summary>
/// Sorts more than memory holds: items are gathered up to a limit, sorted, written to a scratch file, and the files merged. n log n; memory and open files
/// do not grow with n, but for fewer than 64 files, each with a buffer of 64 KB, for every power of 64 in the number of files. Items are
/// ordered by key, then by content, byte by byte, so the order depends on nothing else.
/// </summary>
internal sealed class ExternalSort : IDisposable
{
    /// <summary>Bytes of items that are held at the same time unless the caller says otherwise.</summary>
    public const int DefaultMemory = 64 << 20;

    // Files that are merged at the same time: each takes a buffer.
    private const int FanIn = 64;

    // Memory is taken in blocks of so many bytes: an array that grew would leave its smaller copies behind.
    private const int Block = 1 << 20;

    private readonly string _folder;
    private readonly int _memory;

    // By how often their items were merged: there are never more than a merge takes, for each is an open file and a buffer.
    private readonly List<List<SortedRun>> _runs = [];
    private readonly List<byte[]> _blocks = [];
    private int _block = -1;
    private int _usedOfBlock;
    private long _used;
    private List<Place> _places = [];

    /// <summary>Makes an empty sort.</summary>
    /// <param name="folder">Where scratch files are written when they are needed; they go when they are closed.</param>
    /// <param name="memory">Bytes of items held at the same time.</param>
    public ExternalSort(string folder, int memory = DefaultMemory) => (_folder, _memory) = (folder, memory);

    /// <summary>Items added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds an item.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        var length = key.Length + content.Length;
        if (_places.Count > 0 && _used + length + ((_places.Count + 1L) * Place.Bytes) > _memory)
            Spill();
        var item = Room(length);
        key.CopyTo(item);
        content.CopyTo(item[key.Length..]);
        if (_places.Count == _places.Capacity)
            _places.Capacity = Math.Max(_places.Count + 1, Math.Min(Math.Max(2 * _places.Count, 64), _memory / Place.Bytes));
        _places.Add(new Place(Prefix(key), _block, _usedOfBlock - length, key.Length, content.Length));
        Count++;
    }

    /// <summary>Gives all items in order, once; an item stays valid until the next one is taken.</summary>
    public IEnumerable<SortedItem> Sorted()
    {
        Order();
        if (_runs.Count == 0)
        {
            foreach (var place in _places)
                yield return Item(place);
            yield break;
        }

        Spill();
        Release();
        // The shortest ones first.
        for (var level = 0; _runs.Sum(runs => runs.Count) > FanIn; level++)
            MergeUp(level);
        foreach (var item in Merge([.. _runs.SelectMany(runs => runs)]))
            yield return item;
    }

    public void Dispose()
    {
        foreach (var run in _runs.SelectMany(runs => runs))
            run.Dispose();
        Release();
    }

    private static IEnumerable<SortedItem> Merge(List<SortedRun> runs)
    {
        var heads = new PriorityQueue<SortedRun, SortedItem>(Comparer<SortedItem>.Create(static (one, other) => one.CompareTo(other)));
        foreach (var run in runs)
        {
            run.Rewind();
            if (run.Next())
                heads.Enqueue(run, run.Current);
        }

        while (heads.TryDequeue(out var run, out var item))
        {
            yield return item;
            if (run.Next())
                heads.Enqueue(run, run.Current);
        }
    }

    private void Spill()
    {
        Order();
        if (_places.Count == 0)
            return;
        Add(SortedRun.Write(_folder, _places.Select(Item)), level: 0);
        _places.Clear();
        (_used, _block, _usedOfBlock) = (0, _blocks.Count > 0 ? 0 : -1, 0);
        for (var level = 0; level < _runs.Count && _runs[level].Count == FanIn; level++)
            MergeUp(level);
    }

    private void Add(SortedRun run, int level)
    {
        if (level == _runs.Count)
            _runs.Add([]);
        _runs[level].Add(run);
    }

    private void MergeUp(int level)
    {
        var runs = _runs[level];
        if (runs.Count == 0)
            return;
        Add(SortedRun.Write(_folder, Merge(runs)), level + 1);
        foreach (var run in runs)
            run.Dispose();
        runs.Clear();
    }

    private void Release()
    {
        _blocks.Clear();
        (_used, _block, _usedOfBlock, _places) = (0, -1, 0, []);
    }

    // Room for an item in the present block, in the next one where it does not fit; blocks of earlier items are used again after a spill.
    private Span<byte> Room(int length)
    {
        if (_block < 0 || _usedOfBlock + length > _blocks[_block].Length)
        {
            (_block, _usedOfBlock) = (_block + 1, 0);
            if (_block == _blocks.Count)
                _blocks.Add(new byte[Math.Max(length, Math.Min(Block, _memory))]);
            else if (_blocks[_block].Length < length)
                _blocks[_block] = new byte[length];
        }

        var room = _blocks[_block].AsSpan(_usedOfBlock, length);
        _usedOfBlock += length;
        _used += length;
        return room;
    }

    private void Order() =>
        _places.Sort((one, other) => one.Prefix != other.Prefix ? one.Prefix.CompareTo(other.Prefix) : Item(one).CompareTo(Item(other)));

    private SortedItem Item(Place place) =>
        new(_blocks[place.Block].AsMemory(place.Start, place.Key), _blocks[place.Block].AsMemory(place.Start + place.Key, place.Content));

    private static ulong Prefix(ReadOnlySpan<byte> key)
    {
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        key[..Math.Min(key.Length, first.Length)].CopyTo(first);
        return BinaryPrimitives.ReadUInt64BigEndian(first);
    }

    private readonly record struct Place(ulong Prefix, int Block, int Start, int Key, int Content)
    {
        public const int Bytes = 24;
    }
}

/// <summary>An item of a sort.</summary>
/// <param name="Key">What it is sorted by.</param>
/// <param name="Content">What it holds.</param>
internal readonly record struct SortedItem(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Content) : IComparable<SortedItem>
{
    public int CompareTo(SortedItem other)
    {
        var key = Key.Span.SequenceCompareTo(other.Key.Span);
        return key != 0 ? key : Content.Span.SequenceCompareTo(other.Content.Span);
    }
}
