using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Evaluation.Decisions;

namespace Mammo.PowerShell.Common;

/// <summary>An argument is one of a few texts, in any letter case.</summary>
/// <param name="values">The texts.</param>
[AttributeUsage(AttributeTargets.Property)]
public class OneOfAttribute(params string[] values) : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>The texts that are taken.</summary>
    public ImmutableArray<string> Values { get; } = [.. values];

    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        var value = ArgumentParts.Plain(element)?.ToString() ?? "";
        if (!Values.Contains(value, StringComparer.OrdinalIgnoreCase))
            throw ArgumentErrors.Refused($"'{value}' is not taken.", $"Give {string.Join(" or ", Values)}.");
    }
}

/// <summary>An argument names one of the operating points that every set has.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OperatingPointNameAttribute() : OneOfAttribute([.. OperatingPoint.StandardNames]);
