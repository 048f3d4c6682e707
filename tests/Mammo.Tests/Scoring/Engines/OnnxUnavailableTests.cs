using System.Reflection;
using System.Runtime.Loader;
using Mammo.Scoring.Engines;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Tests.Scoring.Engines;

public sealed class OnnxUnavailableTests
{
    [Fact]
    public void A_native_library_that_cannot_be_loaded_is_told_with_its_cure()
    {
        var context = new ContextWithoutNatives();
        context.Managed(typeof(OrtEnv)).GetProperty(nameof(OrtEnv.DisableDllImportResolver))!.SetValue(null, true);
        var create = context.Managed(typeof(OnnxSession)).GetMethod(nameof(OnnxSession.Create))!;

        var failure = Assert.Throws<TargetInvocationException>(() => create.Invoke(null, [new Func<byte[]>(() => []), 1])).InnerException;

        var error = Assert.IsType<MammoException>(failure);
        Assert.Equal(ErrorIds.OnnxUnavailable, error.ErrorId);
        Assert.Contains(ContextWithoutNatives.Reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.SuggestedFix);
    }

    [Fact]
    public void Bytes_that_are_no_network_are_an_error_of_the_engine() =>
        Assert.Equal(ErrorIds.EngineFailed, Assert.Throws<MammoException>(() => OnnxSession.Create(() => [1, 2, 3], 1)).ErrorId);

    /// <summary>A second copy of the engine and of ONNX Runtime's managed part, for which no native library is to be had.</summary>
    private sealed class ContextWithoutNatives() : AssemblyLoadContext(nameof(ContextWithoutNatives))
    {
        public const string Reason = "libfoo.so.7 is missing";

        public Type Managed(Type original) => LoadFromAssemblyPath(original.Assembly.Location).GetType(original.FullName!)!;

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(OrtEnv).Assembly.GetName().Name ? LoadFromAssemblyPath(typeof(OrtEnv).Assembly.Location) : null;

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) => throw new DllNotFoundException(Reason);
    }
}
