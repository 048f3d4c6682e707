namespace Mammo.Data.Images;

/// <summary>The last few rows of an image after the horizontal pass of a cubic resize; neighbouring output rows share most of them.</summary>
internal sealed class CubicRows(GreyImage image, int[] indices, float[] weights)
{
    private readonly float[][] _rows = [new float[indices.Length / 4], new float[indices.Length / 4], new float[indices.Length / 4], new float[indices.Length / 4]];
    private readonly int[] _held = [-1, -1, -1, -1];

    /// <summary>The four rows that make one output row, valid until the next call. They follow each other or repeat, so that their numbers modulo 4 do not collide.</summary>
    public Four Rows(ReadOnlySpan<int> numbers) => new(Row(numbers[0]), Row(numbers[1]), Row(numbers[2]), Row(numbers[3]));

    private float[] Row(int number)
    {
        var slot = number & 3;
        if (_held[slot] != number)
        {
            Filter(image.Pixels.AsSpan(number * image.Width, image.Width), _rows[slot]);
            _held[slot] = number;
        }

        return _rows[slot];
    }

    private void Filter(ReadOnlySpan<ushort> source, float[] target)
    {
        for (int x = 0, tap = 0; x < target.Length; x++, tap += 4)
        {
            target[x] = (source[indices[tap]] * weights[tap]) + (source[indices[tap + 1]] * weights[tap + 1])
                + (source[indices[tap + 2]] * weights[tap + 2]) + (source[indices[tap + 3]] * weights[tap + 3]);
        }
    }

    internal readonly record struct Four(float[] Row0, float[] Row1, float[] Row2, float[] Row3);
}
