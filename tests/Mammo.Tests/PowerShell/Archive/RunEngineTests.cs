using Mammo.PowerShell.Archive;
using Mammo.Scoring;

namespace Mammo.Tests.PowerShell.Archive;

public sealed class RunEngineTests
{
    /// <summary>Models of one run for which trials chose different engines: all shards must take one, whichever process comes first.</summary>
    [Theory]
    [InlineData("model=a;engine=mammo cpu float32", EngineKind.Mammo)]
    [InlineData("model=a,b;engine=mammo cpu float32,onnx cpu float32", EngineKind.Onnx)]
    [InlineData("model=a,b;engine=onnx cpu float32,mammo cpu float32", EngineKind.Onnx)]
    [InlineData("model=a;engine=torch cuda:0 bfloat16", EngineKind.Torch)]
    [InlineData("model=a;engine=other", null)]
    [InlineData("model=a", null)]
    public void One_engine_runs_all_models(string inference, EngineKind? expected) => Assert.Equal(expected, RunEngine.Parse(inference));

    [Fact]
    public void A_folder_without_a_run_has_none() => Assert.Null(RunEngine.Of(Shared.NewFolder()));
}
