using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Evaluation;

/// <summary>A statistic with its intervals, or the reason why it has no value.</summary>
public sealed record Estimate
{
    /// <summary>The value; null when it is undefined.</summary>
    public double? Value { get; private init; }

    /// <summary>Why there is no value; null when there is one.</summary>
    public string? Undefined { get; private init; }

    /// <summary>95% intervals, the preferred one first; empty when none was asked for.</summary>
    public ImmutableArray<Interval> Intervals { get; init; } = [];

    /// <summary>The first interval that is defined, the one to read; null when none is.</summary>
    public Interval? Preferred => Intervals.FirstOrDefault(interval => interval.Undefined is null);

    /// <summary>Why none of the intervals that were asked for is defined; null where one is, or none was asked for.</summary>
    public string? WithoutInterval => Intervals.IsEmpty || Preferred is not null ? null : Intervals[0].Undefined;

    /// <summary>A value with its intervals.</summary>
    /// <exception cref="ArgumentException">The value is not a finite number.</exception>
    public static Estimate Of(double value, params ImmutableArray<Interval> intervals) => double.IsFinite(value)
        ? new Estimate { Value = value, Intervals = intervals }
        : throw new ArgumentException($"{value} is not a value of a statistic.", nameof(value));

    /// <summary>No value, and why.</summary>
    public static Estimate None(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Estimate { Undefined = reason };
    }

    /// <summary>The interval of a method; null when there is none.</summary>
    public Interval? IntervalBy(IntervalMethod method) => Intervals.FirstOrDefault(interval => interval.Method == method);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Value is not { } value)
            return $"undefined: {Undefined}";
        var text = value.ToString("0.0000", CultureInfo.InvariantCulture);
        return Preferred is { } interval ? $"{text} ({interval})" : WithoutInterval is { } reason ? $"{text} (interval undefined: {reason})" : text;
    }
}
