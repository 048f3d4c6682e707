namespace Mammo.Tests.Scoring.Managed;

/// <summary>Planes with what a film has: background of one value, a label, and noise.</summary>
internal static class TestFilm
{
    /// <summary>Noise in a rectangle, a label of another value, and one value elsewhere; the planes of an image one behind the other.</summary>
    public static float[] Make(int rows, int columns, Random random, int planes = 1) =>
        [.. Enumerable.Range(0, planes).SelectMany(_ => Plane(rows, columns, random))];

    private static float[] Plane(int rows, int columns, Random random)
    {
        var plane = new float[rows * columns];
        Array.Fill(plane, -52.18f);
        Paint(() => (float)((random.NextDouble() * 255) - 52.18));
        Paint(() => 202.82f);
        return plane;

        void Paint(Func<float> value)
        {
            var (top, left) = (random.Next(rows), random.Next(columns));
            var (bottom, right) = (random.Next(top, rows), random.Next(left, columns));
            for (var row = top; row < bottom; row++)
            {
                for (var column = left; column < right; column++)
                    plane[(row * columns) + column] = value();
            }
        }
    }
}
