using System.Runtime.InteropServices;
using JpegLibrary;

namespace Mammo.Codecs.JpegDct;

/// <summary>Takes JpegLibrary's blocks into rows of samples. Values that the inverse transform puts beyond the samples' range are clamped to it.</summary>
internal sealed class GreyWriter(int width, int height, int precision) : JpegBlockOutputWriter
{
    private const int Side = 8;

    private readonly int _maximum = (1 << precision) - 1;

    public ushort[] Samples { get; } = new ushort[width * height];

    /// <inheritdoc/>
    public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
    {
        ReadOnlySpan<short> block = MemoryMarshal.CreateReadOnlySpan(ref blockRef, Side * Side);
        var (columns, rows) = (Math.Min(Side, width - x), Math.Min(Side, height - y));
        for (var row = 0; row < rows; row++)
        {
            var target = Samples.AsSpan(((y + row) * width) + x, columns);
            for (var column = 0; column < columns; column++)
                target[column] = (ushort)Math.Clamp((int)block[(row * Side) + column], 0, _maximum);
        }
    }
}
