using Mammo.Torch;
using TorchSharp;

namespace Mammo.Tests.Torch;

public class TorchDeviceTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("CPU ")]
    public void The_cpu_is_always_there(string name) => Assert.Equal(DeviceType.CPU, TorchDevice.Parse(name).type);

    [Fact]
    public void Auto_takes_a_GPU_if_there_is_one() =>
        Assert.Equal(torch.cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU, TorchDevice.Parse("auto").type);

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:99")]
    public void Other_words_and_missing_GPUs_are_errors_with_a_cure(string name)
    {
        var error = Assert.Throws<MammoException>(() => TorchDevice.Parse(name));
        Assert.Equal(ErrorIds.DeviceUnavailable, error.ErrorId);
        Assert.NotNull(error.SuggestedFix);
    }
}
