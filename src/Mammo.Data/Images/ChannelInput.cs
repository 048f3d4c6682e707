using System.Collections.Immutable;

namespace Mammo.Data.Images;

/// <summary>
/// The <c>preprocess_input</c> of a Keras application: channel = value / <see cref="Divisor"/> - <see cref="Offsets"/>[channel].
/// Used where a network was trained with it instead of a feature-wise mean.
/// </summary>
/// <param name="Divisor">Divides every value; 1 does nothing.</param>
/// <param name="Offsets">Subtracted afterwards, one for each channel.</param>
public sealed record ChannelInput(double Divisor, ImmutableArray<double> Offsets)
{
    /// <summary>ResNet50, VGG16, VGG19: ImageNet's means of blue, green and red are subtracted (the channels are equal, so that reversing them changes nothing).</summary>
    public static ChannelInput Caffe { get; } = new(1, [103.939, 116.779, 123.68]);

    /// <summary>Xception and InceptionV3: 0..255 becomes -1..1.</summary>
    public static ChannelInput TensorFlow { get; } = new(127.5, [1, 1, 1]);

    /// <summary>The values of one channel.</summary>
    /// <param name="plane">Values on the 0..255 scale without a mean subtracted.</param>
    /// <param name="channel">0, 1 or 2.</param>
    public float[] Apply(Plane plane, int channel)
    {
        ArgumentNullException.ThrowIfNull(plane);
        var (divisor, offset) = ((float)Divisor, (float)Offsets[channel]);
        return Array.ConvertAll(plane.Values, value => (value / divisor) - offset);
    }
}
