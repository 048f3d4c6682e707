using System.Diagnostics;
using System.Reflection;
using Mammo.PowerShell.Models;

namespace Mammo.Tests.Module;

/// <summary>What users get is what 'dotnet build' makes, so that build must not be the slow one.</summary>
public sealed class OptimizationTests
{
    [Fact]
    public void Code_is_optimised_in_every_configuration()
    {
        var assembly = typeof(RemoveMammoModelCommand).Assembly;
        var ours = assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Mammo.", StringComparison.Ordinal)).Select(Assembly.Load)
            .Append(assembly).ToArray();
        Assert.True(ours.Length >= 5);
        Assert.All(ours, one => Assert.False(one.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled ?? false));
    }
}
