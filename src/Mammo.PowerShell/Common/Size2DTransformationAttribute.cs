using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.PowerShell.Common;

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
