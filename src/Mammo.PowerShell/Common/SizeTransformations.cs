using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.PowerShell.Common;

/// <summary>Lets <c>-ImageSize 1152, 896</c> and <c>-ImageSize 1152x896</c> (height, width) be written for an <see cref="ImageSize"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImageSizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null or ImageSize => value,
            string text => FromParts(text.Split('x', 'X', ',')),
            IEnumerable parts => FromParts([.. parts.Cast<object>().Select(part => Convert.ToString(
                part is PSObject item ? item.BaseObject : part, CultureInfo.InvariantCulture) ?? "")]),
            _ => throw Invalid(value),
        };
    }

    private static object FromParts(string[] parts) =>
        parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
        && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width) && height is > 0 and <= 65536 && width is > 0 and <= 65536
            ? new ImageSize(height, width)
            : throw Invalid(string.Join(", ", parts));

    private static ArgumentTransformationMetadataException Invalid(object value) =>
        ArgumentErrors.NotMade($"'{value}' is no size.", "Give height and width in pixels, for example 1152, 896.");
}

/// <summary>Lets <c>-AvgPoolSize 7, 7</c> (rows, columns) be written for a <see cref="Size2D"/>; one number stands for both.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class Size2DTransformationAttribute : ArgumentTransformationAttribute
{
    private readonly ImageSizeTransformationAttribute _pair = new();

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null or Size2D => value,
            int both => new Size2D(both, both),
            _ => _pair.Transform(engineIntrinsics, value) is ImageSize size ? new Size2D(size.Height, size.Width) : null,
        };
    }
}
