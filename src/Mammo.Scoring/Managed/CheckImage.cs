using Mammo.Data.Images;

namespace Mammo.Scoring.Managed;

/// <summary>An image that no network expects and all can run: noise above, a smooth gradient below, on the scale of prepared mammograms.</summary>
internal static class CheckImage
{
    /// <summary>The image, alone in a batch; the same wherever it is made.</summary>
    public static PlaneBatch Of(ImageSize size)
    {
        var values = new float[size.Height * size.Width];
        for (var index = 0; index < values.Length; index++)
        {
            // A linear congruence with a full period of 2^16.
            var noise = ((index * 25173L) + 13849) % 65536 / 65536f;
            var (row, column) = Math.DivRem(index, size.Width);
            values[index] = row < size.Height / 2 ? (noise * 255) - 52 : (100f * (row + column) / (size.Height + size.Width)) + noise;
        }

        return new PlaneBatch(size.Height, size.Width, [values]);
    }
}
