using System.Security.Cryptography;

namespace Mammo.Fuzz;

/// <summary>Damage to a file: bits, lengths and extremes in fields, spans removed, doubled, exchanged and filled.</summary>
internal static class Mutation
{
    private const int HashLength = 32;

    private static readonly long[] Extremes =
    [
        0, 1, -1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue,
        2_000_000_000,
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="seed">The file.</param>
    /// <param name="random">Decides where and how.</param>
    /// <param name="isHashed">
    /// The last 32 bytes are the SHA-256 of what is before them, and are made right again, so that what is behind the check is met.
    /// </param>
    public static byte[] Of(byte[] seed, Random random, bool isHashed)
    {
        byte[] content = isHashed ? seed[..^HashLength] : [.. seed];
        for (var count = random.Next(1, 4); count > 0 && content.Length > 0; count--)
            content = Once(content, random);
        return isHashed && random.Next(4) > 0 ? [.. content, .. SHA256.HashData(content)] : content;
    }

    private static byte[] Once(byte[] content, Random random)
    {
        // Half of it where headers are.
        var range = random.Next(2) == 0 ? content.Length : Math.Min(content.Length, 512);
        var at = random.Next(range);
        var length = Math.Min(content.Length - at, 1 << random.Next(8));
        switch (random.Next(7))
        {
            case 0:
                content[at] ^= (byte)(1 << random.Next(8));
                return content;
            case 1:
                return content[..at];
            case 2:
                var field = BitConverter.GetBytes(Extremes[random.Next(Extremes.Length)]).AsSpan(0, Math.Min(1 << random.Next(4), content.Length - at));
                if (random.Next(2) == 0)
                    field.Reverse();
                field.CopyTo(content.AsSpan(at));
                return content;
            case 3:
                return [.. content[..at], .. content[(at + length)..]];
            case 4:
                return [.. content[..(at + length)], .. content[at..]];
            case 5:
                content.AsSpan(at, length).Fill((byte)random.Next(256));
                return content;
            default:
                var other = random.Next(content.Length - length + 1);
                content.AsSpan(other, length).ToArray().CopyTo(content.AsSpan(at));
                return content;
        }
    }
}
