#include "CTestEnvironment.h"
#include <stdlib.h>

__attribute__((constructor)) static void set_test_environment(void) {
    setenv("CHANNEL_TEST_PASSED", "1", 1);
    setenv("CHANNEL_TEST_SECRET", "from the environment", 1);
    setenv("CHANNEL_TEST_TOKEN", "s3cret", 1);
    setenv("CHANNEL_CHECK_SECRET", "pa55-word", 1);
}
