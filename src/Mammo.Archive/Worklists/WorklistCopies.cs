using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Mammo.Archive.Sorting;

namespace Mammo.Archive.Worklists;

/// <summary>Files of a worklist that are the image of another one by their identity.</summary>
/// <param name="Count">Files whose identity an earlier one has.</param>
/// <param name="Different">Those that have another length or another header than it: the identity was given to several images.</param>
/// <param name="Examples">Paths of the first such pairs.</param>
internal sealed record WorklistCopies(long Count, long Different, ImmutableArray<string> Examples)
{
    private const int FactsLength = sizeof(ulong);
    private const int MostExamples = 3;

    /// <summary>Finds them by an external sort.</summary>
    public static WorklistCopies Of(string list, string scratch, CancellationToken cancellation)
    {
        using var lines = new ExternalSort(scratch);
        using var reader = new WorklistReader(list);
        Span<byte> place = stackalloc byte[sizeof(long)];
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            BinaryPrimitives.WriteInt64BigEndian(place, reader.Offset);
            var item = reader.Item();
            lines.Add(reader.Identity, [.. place, .. Facts(item), .. Encoding.UTF8.GetBytes(item.Image.Path)]);
        }

        var copies = new WorklistCopies(0, 0, []);
        byte[]? identity = null;
        var first = Array.Empty<byte>();
        foreach (var line in lines.Sorted())
        {
            if (identity is null || !line.Key.Span.SequenceEqual(identity))
            {
                identity = line.Key.ToArray();
                first = line.Content[sizeof(long)..].ToArray();
                continue;
            }

            copies = copies.With(first, line.Content.Span[sizeof(long)..]);
        }

        return copies;
    }

    /// <summary>What a line says but its path, in eight bytes: lines of copies say the same.</summary>
    public static byte[] Facts(WorkItem item)
    {
        var line = new ArrayBufferWriter<byte>();
        WorklistLines.Write(line, item with { Image = item.Image with { Path = "" } });
        var key = new byte[IdentityKey.Length];
        IdentityKey.Of(line.WrittenSpan, key);
        return key[..FactsLength];
    }

    private WorklistCopies With(ReadOnlySpan<byte> first, ReadOnlySpan<byte> copy)
    {
        if (copy[..FactsLength].SequenceEqual(first[..FactsLength]))
            return this with { Count = Count + 1 };
        var pair = $"'{Encoding.UTF8.GetString(copy[FactsLength..])}' and '{Encoding.UTF8.GetString(first[FactsLength..])}'";
        return new WorklistCopies(Count + 1, Different + 1, Examples.Length < MostExamples ? Examples.Add(pair) : Examples);
    }
}
