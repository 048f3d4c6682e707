using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Data.Images;

/// <summary>
/// What is subtracted from every value after scaling: one number, or one for each channel of the network's input, in the order of the channels. Images are
/// grey: their channels are copies that differ by this alone.
/// </summary>
[JsonConverter(typeof(Converter))]
public readonly struct FeaturewiseMean : IEquatable<FeaturewiseMean>
{
    private readonly ImmutableArray<double> _values;

    /// <summary>Takes one number for all channels, or one for each.</summary>
    /// <param name="values">The numbers, on the scale that values have after scaling.</param>
    /// <exception cref="ArgumentException">No number, or one that is not finite.</exception>
    public FeaturewiseMean(params ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A feature-wise mean needs at least one number.", nameof(values));
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException("A feature-wise mean must be finite.", nameof(values));
        }

        _values = [.. values];
    }

    /// <summary>One number for all channels, or one for each.</summary>
    public ImmutableArray<double> Values => _values.IsDefault ? [0] : _values;

    /// <summary>The number for all channels; null where there is one for each.</summary>
    public double? Single => Values is [var only] ? only : null;

    /// <summary>Mean of the numbers: what a grey image's mean is compared with.</summary>
    public double Average => Values.Average();

    /// <summary>One number for all channels.</summary>
    public static implicit operator FeaturewiseMean(double value) => new(value);

    /// <summary>The number for all channels.</summary>
    /// <exception cref="InvalidCastException">There is one for each channel.</exception>
    public static explicit operator double(FeaturewiseMean mean) =>
        mean.Single ?? throw new InvalidCastException($"The feature-wise mean has a number for each channel: {mean}.");

    /// <summary>Two means are equal when all numbers are.</summary>
    public static bool operator ==(FeaturewiseMean left, FeaturewiseMean right) => left.Equals(right);

    /// <summary>Two means differ when any number does.</summary>
    public static bool operator !=(FeaturewiseMean left, FeaturewiseMean right) => !left.Equals(right);

    /// <summary>The mean for a network's input: equal numbers become one.</summary>
    /// <param name="channels">Channels of the network's input.</param>
    /// <param name="owner">Whose input it is, for messages.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.MeanCountMismatch"/>: neither one number nor as many as there are channels.</exception>
    public FeaturewiseMean For(int channels, string owner)
    {
        if (Values.Length != 1 && Values.Length != channels)
            throw new MammoException(
                ErrorIds.MeanCountMismatch,
                $"The feature-wise mean has {Values.Length} numbers ({this}), but {owner} has {(channels == 1 ? "1 channel" : $"{channels} channels")}.",
                channels == 1 ? "Give one number." : $"Give one number for all channels, or {channels}: one for each, in their order.",
                owner);
        return Values.Distinct().Count() == 1 ? Values[0] : this;
    }

    /// <inheritdoc/>
    public bool Equals(FeaturewiseMean other) => Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FeaturewiseMean other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>As JSON a number, or an array of numbers.</summary>
    private sealed class Converter : JsonConverter<FeaturewiseMean>
    {
        public override FeaturewiseMean Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return reader.TokenType == JsonTokenType.Number
                    ? new FeaturewiseMean(reader.GetDouble())
                    : new FeaturewiseMean(JsonSerializer.Deserialize<double[]>(ref reader, options) ?? []);
            }
            catch (ArgumentException failure)
            {
                throw new JsonException(failure.Message, failure);
            }
        }

        public override void Write(Utf8JsonWriter writer, FeaturewiseMean value, JsonSerializerOptions options)
        {
            if (value.Single is { } only)
                writer.WriteNumberValue(only);
            else
                JsonSerializer.Serialize(writer, value.Values.ToArray(), options);
        }
    }
}
