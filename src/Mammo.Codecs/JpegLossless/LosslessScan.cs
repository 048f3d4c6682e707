using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLossless;

/// <summary>Differences to samples (T.81 H.2). Arithmetic is modulo 2^16.</summary>
/// <param name="table">What the coded data is coded with.</param>
/// <param name="predictor">Selection value 1 to 7 of T.81 table H.1.</param>
/// <param name="bits">Precision less the point transform.</param>
internal sealed class LosslessScan(DifferenceTable table, int predictor, int bits)
{
    /// <param name="data">The coded data with what follows it.</param>
    /// <param name="samples">Receives all rows, as they are before the point transform is undone.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="restartRows">Rows from one restart marker to the next.</param>
    public void Decode(ReadOnlySpan<byte> data, Span<ushort> samples, int width, int restartRows)
    {
        var reader = new EntropyReader(data, isJpegLs: false);
        var height = samples.Length / width;
        for (var y = 0; y < height; y++)
        {
            if (y > 0 && y % restartRows == 0)
                reader.Restart((y / restartRows) - 1);
            var row = samples.Slice(y * width, width);
            ReadDifferences(ref reader, row);
            reader.CheckRow(y, height);
            if (y % restartRows == 0)
                Sum(row, (ushort)(1 << (bits - 1)));
            else
                Undo(row, samples.Slice((y - 1) * width, width));
            // No encoder makes such a sample; a damaged row is usually full of them.
            if (row.ContainsAnyExceptInRange((ushort)0, (ushort)((1 << bits) - 1)))
                throw new CodecException(FormattableString.Invariant($"row {y + 1} of {height} has samples of more bits than the stream says"));
        }

        reader.Finish();
    }

    private void ReadDifferences(ref EntropyReader reader, Span<ushort> row)
    {
        ReadOnlySpan<ushort> entries = table.Entries;
        var (next, count) = (reader.Bits, reader.Count);
        for (var x = 0; x < row.Length; x++)
        {
            // 32 bits are the longest code with the longest difference.
            if (count < 32)
            {
                (reader.Bits, reader.Count) = (next, count);
                reader.Fill();
                (next, count) = (reader.Bits, reader.Count);
            }

            int entry = entries[(int)(next >> (64 - HuffmanTable.LookupBits))];
            int taken;
            if (entry != 0)
            {
                taken = entry & 63;
                var range = 1u << (entry >> 6);
                var value = (uint)(next >> (64 - taken)) & (range - 1);
                row[x] = (ushort)(value - (value < range >> 1 ? range - 1 : 0));
            }
            else
            {
                (row[x], taken) = table.Find(next);
            }

            next <<= taken;
            count -= taken;
        }

        (reader.Bits, reader.Count) = (next, count);
    }

    // The first row of the scan and of each restart interval: predicted from the left, its first sample from half the range.
    private static void Sum(Span<ushort> row, ushort left)
    {
        for (var x = 0; x < row.Length; x++)
            left = row[x] += left;
    }

    private void Undo(Span<ushort> row, ReadOnlySpan<ushort> above)
    {
        // The first sample of a row is predicted from the one above it by every predictor.
        int a = row[0] += above[0];
        if (predictor == 1)
        {
            Sum(row[1..], (ushort)a);
            return;
        }

        int c = above[0];
        for (var x = 1; x < row.Length; x++)
        {
            int b = above[x];
            a = row[x] += (ushort)(predictor switch
            {
                2 => b,
                3 => c,
                4 => a + b - c,
                5 => a + ((b - c) >> 1),
                6 => b + ((a - c) >> 1),
                _ => (a + b) >> 1,
            });
            c = b;
        }
    }
}
