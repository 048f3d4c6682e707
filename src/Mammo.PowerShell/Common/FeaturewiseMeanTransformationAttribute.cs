using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Mammo.Data.Images;

namespace Mammo.PowerShell.Common;

/// <summary>Lets <c>-FeaturewiseMean 52.18</c> and <c>-FeaturewiseMean 103.939, 116.779, 123.68</c> be written for a <see cref="FeaturewiseMean"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FeaturewiseMeanTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Unwrapped(inputData);
        return value switch
        {
            null or FeaturewiseMean => value,
            string text => Of(text.Split(',')),
            IEnumerable parts => Of(parts.Cast<object?>().Select(Unwrapped)),
            _ => Of([value]),
        };
    }

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static object Of(IEnumerable<object?> parts)
    {
        object?[] values = [.. parts];
        var numbers = values.Select(Number).OfType<double>().ToArray();
        return numbers.Length > 0 && numbers.Length == values.Length
            ? new FeaturewiseMean(numbers)
            : throw new ArgumentTransformationMetadataException(
                $"'{string.Join(", ", values)}' is not a mean. Give one number, or one for each channel of the network's input: 103.939, 116.779, 123.68.");
    }

    private static double? Number(object? value) =>
        value is not (null or bool or char)
        && double.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;
}
