using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>Shape of a tensor without its batch axis, in Keras's order (rows, columns, channels); a null size is open.</summary>
public readonly struct TensorShape : IEquatable<TensorShape>
{
    private readonly ImmutableArray<int?> _sizes;

    /// <summary>Makes a shape from its sizes.</summary>
    [JsonConstructor]
    public TensorShape(ImmutableArray<int?> sizes) => _sizes = sizes;

    /// <summary>The sizes, channels last.</summary>
    public ImmutableArray<int?> Sizes => _sizes.IsDefault ? [] : _sizes;

    /// <summary>Number of axes without the batch axis.</summary>
    [JsonIgnore]
    public int Rank => Sizes.Length;

    /// <summary>The last size; null when it is open.</summary>
    [JsonIgnore]
    public int? Channels => Sizes.Length == 0 ? null : Sizes[^1];

    /// <summary>True when no size is open.</summary>
    [JsonIgnore]
    public bool IsKnown => !Sizes.Contains(null);

    /// <summary>Product of the sizes; null when one of them is open.</summary>
    [JsonIgnore]
    public long? Elements => IsKnown ? Sizes.Aggregate(1L, (product, size) => checked(product * size!.Value)) : null;

    /// <summary>Two shapes are equal when all sizes are.</summary>
    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    /// <summary>Two shapes differ when any size does.</summary>
    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);

    /// <summary>A shape from its sizes.</summary>
    public static TensorShape Of(params ReadOnlySpan<int?> sizes) => new([.. sizes]);

    /// <inheritdoc/>
    public bool Equals(TensorShape other) => Sizes.AsSpan().SequenceEqual(other.Sizes.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Sizes.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() =>
        "(" + string.Join(", ", Sizes.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?")) + ")";
}
