namespace Mammo.Data.Images;

/// <summary>
/// Keras 2.0.8's samplewise steps. They take mean and deviation over the channels of each pixel, not over the image; our channels are equal,
/// so that what is left is the rounding error of their float32 mean, divided by at least 1e-7. Kept because the original has them.
/// </summary>
internal static class SamplewiseStandardisation
{
    public static void Apply(Span<float> values, int channels, bool center, bool normalize)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (center)
                value -= MeanOfEqual(value, channels);
            if (normalize)
                value /= DeviationOfEqual(value, channels) + 1e-7f;
            values[i] = value;
        }
    }

    private static float MeanOfEqual(float value, int channels)
    {
        var sum = 0f;
        for (var channel = 0; channel < channels; channel++)
            sum += value;
        return sum / channels;
    }

    private static float DeviationOfEqual(float value, int channels)
    {
        var difference = value - MeanOfEqual(value, channels);
        return MathF.Sqrt(MeanOfEqual(difference * difference, channels));
    }
}
