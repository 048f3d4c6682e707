using CsCheck;
using Mammo.Archive.Sorting;

namespace Mammo.Tests.Archive.Sorting;

public sealed class ExternalSortTests
{
    [Fact]
    public void The_order_is_that_of_bytes_whatever_fits_into_memory()
    {
        var folder = Shared.NewFolder();
        Gen.Select(Gen.Byte[0, 3].Array[0, 10], Gen.Byte.Array[0, 12]).Array[0, 400].Select(Gen.Int[1, 4000]).Sample((items, memory) =>
        {
            using var sort = new ExternalSort(folder, memory);
            foreach (var (key, content) in items)
                sort.Add(key, content);
            var sorted = sort.Sorted().Select(item => Convert.ToHexString(item.Key.Span) + "|" + Convert.ToHexString(item.Content.Span)).ToArray();
            var expected = items.OrderBy(item => item.Item1, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
                .ThenBy(item => item.Item2, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
                .Select(item => Convert.ToHexString(item.Item1) + "|" + Convert.ToHexString(item.Item2));
            Assert.Equal(expected, sorted);
        }, iter: 200);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Memory_is_what_was_allowed_and_does_not_grow_with_the_items()
    {
        const int Memory = 4 << 20;
        var (few, many) = (AllocatedBy(Memory, 60_000), AllocatedBy(Memory, 240_000));
        Assert.InRange(few, 0, Memory + (Memory / 2));
        Assert.InRange(many - few, 0, Memory / 10);
    }

    /// <summary>Each is an open file with a buffer: thousands would pass the limit of a process.</summary>
    [Fact]
    public void Scratch_files_do_not_grow_with_the_items()
    {
        const int Files = 64;
        var folder = Shared.NewFolder();
        using var sort = new ExternalSort(folder, memory: 40);
        var most = 0;
        for (var number = 0; number < 6 * Files * 2; number++)
        {
            sort.Add([(byte)(number * 37), (byte)(number >> 8), (byte)number], []);
            most = Math.Max(most, Directory.GetFiles(folder).Length);
        }

        Assert.InRange(most, Files / 2, (2 * Files) - 1);
        Assert.Equal(sort.Count, sort.Sorted().Select(item => Convert.ToHexString(item.Key.Span)).Distinct().Count());
    }

    // Bytes that adding so many items of 120 bytes takes, spilled ones included.
    private static long AllocatedBy(int memory, int count)
    {
        var (key, content) = (new byte[16], new byte[104]);
        using var sort = new ExternalSort(Shared.NewFolder(), memory);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < count; number++)
        {
            BitConverter.TryWriteBytes(key, unchecked(number * 2654435761u));
            sort.Add(key, content);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
