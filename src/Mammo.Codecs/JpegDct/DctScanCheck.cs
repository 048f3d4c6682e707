using System.Numerics;
using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegDct;

/// <summary>Whether the coded data of a sequential scan holds all blocks (T.81 F.2.2), without making samples of them.</summary>
internal static class DctScanCheck
{
    private const int Coefficients = 64;

    // Of 15 bits are the largest differences, of 12-bit samples.
    private const int LargestSize = 15;

    /// <summary>Length of the coded data.</summary>
    public static int Run(ReadOnlySpan<byte> data, long blocks, long restartInterval, HuffmanTable dc, HuffmanTable ac)
    {
        var reader = new EntropyReader(data, isJpegLs: false);
        for (long block = 0; block < blocks; block++)
        {
            if (restartInterval > 0 && block > 0 && block % restartInterval == 0)
                reader.Restart((int)(((block / restartInterval) - 1) & 7));
            var size = Symbol(ref reader, dc);
            if (size > LargestSize)
                throw new CodecException("the coded data has a coefficient of too many bits");
            reader.Skip(size);
            for (var index = 1; index < Coefficients;)
            {
                var symbol = Symbol(ref reader, ac);
                var zeros = symbol >> 4;
                size = symbol & 15;
                if (symbol == 0)
                    break;
                index += zeros + 1;
                if (index > Coefficients || (size == 0 && zeros != 15))
                    throw new CodecException("the coded data has a block that is damaged");
                reader.Skip(size);
            }

            if (reader.Count < 0)
                throw new CodecException(FormattableString.Invariant($"the coded data ends within block {block + 1} of {blocks}"));
        }

        return reader.Finish();
    }

    private static int Symbol(ref EntropyReader reader, HuffmanTable table)
    {
        if (reader.Count < 16)
            reader.Fill();
        int entry = table.Entries[(int)(reader.Bits >> (64 - HuffmanTable.LookupBits))];
        if (entry == 0)
            entry = table.Find(reader.Bits);
        reader.Take(entry & 31);
        return entry >> 5;
    }
}
